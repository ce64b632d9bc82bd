"""Types as predicates: for engines that know no alternatives of types (``either``).

Every type becomes a static predicate that holds of its objects; variables lose their
types and gain a condition.
"""

from __future__ import annotations

from dataclasses import replace

from jouleplan.domains.language.model import (
    Atom,
    Axiom,
    Condition,
    Each,
    Effect,
    Exists,
    Fact,
    Forall,
    Not,
    Or,
    Parameters,
    Schema,
    Signature,
    TaskModel,
    Types,
    When,
)
from jouleplan.planner.lowering.lowered import Lowered
from jouleplan.planner.lowering.rebuild import (
    conjoin,
    rebuild_condition,
    rebuild_effect,
)

_OBJECT: Types = ("object",)


def untyped(task: TaskModel) -> Lowered:
    """Return ``task`` without types."""
    domain, problem = task.domain, task.problem
    mark = "of-type-"
    while any(name.startswith(mark) for name in domain.predicates):
        mark += "-"
    pass_ = _Untyped(mark)
    kinds = [kind for kind in domain.types if kind != "object"]
    declared = {
        f"{mark}{kind}": Signature(f"{mark}{kind}", (("?x", _OBJECT),))
        for kind in kinds
    }
    facts: set[Fact] = {
        (f"{mark}{kind}", name) for kind in kinds for name in task.objects_of((kind,))
    }
    plain = {
        name: Signature(name, _bare(s.parameters))
        for name, s in domain.predicates.items()
    }
    functions = {
        name: Signature(name, _bare(s.parameters))
        for name, s in domain.functions.items()
    }
    return Lowered(
        replace(
            domain,
            types={"object": ()},
            constants=dict.fromkeys(domain.constants, _OBJECT),
            predicates={**plain, **declared},
            functions=functions,
            schemas={name: pass_.schema(s) for name, s in domain.schemas.items()},
            axioms=tuple(pass_.axiom(axiom) for axiom in domain.axioms),
            constraints=rebuild_condition(domain.constraints, pass_.condition),
        ),
        replace(
            problem,
            objects=dict.fromkeys(problem.objects, _OBJECT),
            facts=problem.facts | facts,
            goal=rebuild_condition(problem.goal, pass_.condition),
            constraints=rebuild_condition(problem.constraints, pass_.condition),
        ),
    )


def _bare(parameters: Parameters) -> Parameters:
    return tuple((variable, _OBJECT) for variable, _ in parameters)


class _Untyped:
    """Rewrites with the type predicates named by ``mark`` and the type."""

    def __init__(self, mark: str) -> None:
        self._mark = mark

    def _guard(self, parameters: Parameters) -> Condition:
        """Return that each variable is of one of its types."""
        guards: list[Condition] = []
        for variable, kinds in parameters:
            if "object" not in kinds:
                atoms = tuple(Atom(f"{self._mark}{k}", (variable,)) for k in kinds)
                guards.append(atoms[0] if len(atoms) == 1 else Or(atoms))
        return conjoin(*guards)

    def condition(self, condition: Condition) -> Condition:
        """Return a quantifier over all objects."""
        if isinstance(condition, Exists):
            inner = conjoin(self._guard(condition.parameters), condition.part)
            return Exists(_bare(condition.parameters), inner)
        if isinstance(condition, Forall):
            guard = Not(self._guard(condition.parameters))
            return Forall(_bare(condition.parameters), Or((guard, condition.part)))
        return condition

    def effect(self, effect: Effect) -> Effect:
        """Return a universal effect over all objects."""
        if isinstance(effect, Each):
            inner = When(self._guard(effect.parameters), effect.effect)
            return Each(_bare(effect.parameters), inner)
        return effect

    def schema(self, schema: Schema) -> Schema:
        """Return an operator without types."""
        condition = rebuild_condition(schema.condition, self.condition)
        return replace(
            schema,
            parameters=_bare(schema.parameters),
            condition=conjoin(self._guard(schema.parameters), condition),
            effect=rebuild_effect(schema.effect, self.effect, self.condition),
        )

    def axiom(self, axiom: Axiom) -> Axiom:
        """Return an axiom without types."""
        condition = rebuild_condition(axiom.condition, self.condition)
        guarded = conjoin(self._guard(axiom.parameters), condition)
        return replace(axiom, parameters=_bare(axiom.parameters), condition=guarded)

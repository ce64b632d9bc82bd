"""Spells names for readers that are narrower than PDDL, and back."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.plan import Plan, Step

_PLAIN = re.compile(r"[a-z][a-z0-9_-]*")
_ODD = re.compile(r"[^a-z0-9_-]")
_RESERVED = frozenset(
    (
        *("and", "or", "not", "imply", "exists", "forall", "when", "preference"),
        *("either", "object", "number", "define", "domain", "problem", "at", "over"),
        *("start", "end", "all", "always", "sometime", "within", "true", "false"),
        *("increase", "decrease", "assign", "bool", "real", "integer"),
    )
)


@dataclass(frozen=True, slots=True)
class Names:
    """How names are spelt; those not held are spelt as they are.

    Attributes:
        objects: Object -> spelling.
        types: Type -> spelling.
        symbols: Predicate or function -> spelling.
        operators: Operator -> spelling.
    """

    objects: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
    operators: Mapping[str, str] = field(default_factory=dict)

    def original(self, plan: Plan) -> Plan:
        """Return a plan in these spellings with the task's own names."""
        objects = {spelt: name for name, spelt in self.objects.items()}
        operators = {spelt: name for name, spelt in self.operators.items()}
        return tuple(
            Step(
                operators.get(step.operator, step.operator),
                tuple(objects.get(o, o) for o in step.objects),
                step.start,
                step.duration,
            )
            for step in plan
        )


AS_THEY_ARE = Names()


def plain_names(task: TaskModel) -> Names:
    """Return spellings of letters, digits, ``-`` and ``_``, each used once.

    Objects, types, predicates, functions and operators that share a name, are words of
    PDDL, or begin with a digit get another.
    """
    domain = task.domain
    taken: set[str] = set(_RESERVED)

    def spell(names: Mapping[str, object], mark: str) -> dict[str, str]:
        changed = {}
        for name in names:
            spelt = name
            if not _PLAIN.fullmatch(name) or name in taken:
                spelt = _free(mark + _ODD.sub("_", name), taken)
                changed[name] = spelt
            taken.add(spelt)
        return changed

    operators = spell(domain.schemas, "op-")
    symbols = spell({**domain.predicates, **domain.functions}, "is-")
    types = spell({n: k for n, k in domain.types.items() if k}, "type-")
    return Names(spell(task.problem.objects, "o-"), types, symbols, operators)


def _free(wanted: str, taken: Container[str]) -> str:
    """Return ``wanted``, with a number behind it where it is taken."""
    name, i = wanted, 2
    while name in taken:
        name, i = f"{wanted}-{i}", i + 1
    return name

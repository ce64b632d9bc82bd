"""Writes models back to PDDL text: plain, lower case, in the order readers expect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    TRUE,
    DomainModel,
    ProblemModel,
    Schema,
    Signature,
    TaskModel,
    Types,
)
from jouleplan.domains.language.names import AS_THEY_ARE, Names
from jouleplan.domains.language.phrases import Phrases

_REQUIREMENTS = {
    Feature.NEGATIVE: ":negative-preconditions",
    Feature.NEGATIVE_GOAL: ":negative-preconditions",
    Feature.EQUALITY: ":equality",
    Feature.DISJUNCTION: ":disjunctive-preconditions",
    Feature.EXISTS: ":existential-preconditions",
    Feature.FORALL: ":universal-preconditions",
    Feature.CONDITIONAL_EFFECT: ":conditional-effects",
    Feature.UNIVERSAL_EFFECT: ":conditional-effects",
    Feature.DERIVED: ":derived-predicates",
    Feature.COSTS: ":action-costs",
    Feature.NUMBERS: ":numeric-fluents",
    Feature.DURATIVE: ":durative-actions",
    Feature.DURATION_CHOICE: ":duration-inequalities",
    Feature.CONTINUOUS: ":continuous-effects",
    Feature.TIMED: ":timed-initial-literals",
    Feature.CONSTRAINTS: ":constraints",
    Feature.PREFERENCES: ":preferences",
    Feature.PROCESSES: ":time",
    Feature.EVENTS: ":time",
}


def task_text(task: TaskModel, names: Names = AS_THEY_ARE) -> tuple[str, str]:
    """Return a task's domain and problem as PDDL text."""
    features = task.features
    return (
        domain_text(task.domain, names, features),
        problem_text(task.domain, task.problem, names),
    )


def domain_text(
    domain: DomainModel,
    names: Names = AS_THEY_ARE,
    features: Iterable[Feature] = (),
) -> str:
    """Return a domain as PDDL text.

    Args:
        domain: The domain.
        names: How names are spelt.
        features: What ``:requirements`` should state beyond the domain's own features.
    """
    used = {*domain.features, *features}
    words = {_REQUIREMENTS[f] for f in used if f in _REQUIREMENTS}
    say = Phrases(names)
    lines = [
        f"(define (domain {domain.name})",
        f"(:requirements {' '.join((':strips', ':typing', *sorted(words)))})",
        *_section(":types", _types(domain.types, names)),
        *_section(":constants", _objects(domain.constants, names)),
        *_section(":predicates", _signatures(domain.predicates, say)),
        *_section(":functions", _signatures(domain.functions, say)),
    ]
    if domain.constraints != TRUE:
        lines.append(f"(:constraints {say.condition(domain.constraints)})")
    for axiom in domain.axioms:
        head = f"({say.symbol(axiom.predicate)}{say.parameters(axiom.parameters)})"
        lines.append(f"(:derived {head} {say.condition(axiom.condition)})")
    lines += [_schema(schema, say) for schema in domain.schemas.values()]
    return "\n".join([*lines, ")\n"])


def problem_text(
    domain: DomainModel, problem: ProblemModel, names: Names = AS_THEY_ARE
) -> str:
    """Return a problem of ``domain`` as PDDL text."""
    say = Phrases(names)
    own = {n: k for n, k in problem.objects.items() if n not in domain.constants}
    init = [say.fact(fact) for fact in sorted(problem.facts)]
    init += [
        f"(= {say.fact(key)} {say.number(value)})"
        for key, value in sorted(problem.numbers.items())
    ]
    for timed in problem.timed:
        init.append(f"(at {say.number(timed.time)} {say.timed(timed.change)})")
    lines = [
        f"(define (problem {problem.name})",
        f"(:domain {domain.name})",
        *_section(":objects", _objects(own, names)),
        "(:init",
        *(f" {line}" for line in init),
        ")",
        f"(:goal {say.conjunction(problem.goal)})",
    ]
    if problem.constraints != TRUE:
        lines.append(f"(:constraints {say.condition(problem.constraints)})")
    if problem.metric is not None:
        metric = problem.metric
        lines.append(f"(:metric {metric.sense} {say.expression(metric.expression)})")
    return "\n".join([*lines, ")\n"])


def _section(keyword: str, entries: list[str]) -> list[str]:
    """Return the lines of a section; none where it is empty."""
    return [f"({keyword}", *(f" {entry}" for entry in entries), ")"] if entries else []


def _types(types: Mapping[str, Types], names: Names) -> list[str]:
    """Return typed lines; those right below ``object`` last, without a parent."""
    spelt = {name: names.types.get(name, name) for name in types}
    below, roots = [], []
    for name, parents in types.items():
        if parents and parents != ("object",):
            below.append(f"{spelt[name]} - {_kinds(parents, spelt)}")
        elif parents:
            roots.append(spelt[name])
    return below + ([" ".join(roots)] if roots else [])


def _objects(objects: Mapping[str, Types], names: Names) -> list[str]:
    """Return a line a type, in the order in which the types first occur."""
    by_kinds: dict[Types, list[str]] = {}
    for name, kinds in objects.items():
        by_kinds.setdefault(kinds, []).append(names.objects.get(name, name))
    untyped = by_kinds.pop(("object",), [])
    lines = [
        f"{' '.join(found)} - {_kinds(kinds, names.types)}"
        for kinds, found in by_kinds.items()
    ]
    return lines + ([" ".join(untyped)] if untyped else [])


def _kinds(kinds: Types, spelt: Mapping[str, str]) -> str:
    words = [spelt.get(kind, kind) for kind in kinds]
    return words[0] if len(words) == 1 else f"(either {' '.join(words)})"


def _signatures(declared: Mapping[str, Signature], say: Phrases) -> list[str]:
    return [
        f"({say.symbol(s.name)}{say.parameters(s.parameters)})"
        for s in declared.values()
    ]


def _schema(schema: Schema, say: Phrases) -> str:
    """Return an ``(:action ...)`` or the like."""
    timed = schema.duration is not None
    lines = [
        f"(:{schema.kind} {say.operator(schema.name)}",
        f" :parameters ({say.parameters(schema.parameters).strip()})",
    ]
    if schema.duration is not None:
        lines.append(f" :duration {say.conjunction(schema.duration, bare=True)}")
    key = ":condition" if timed else ":precondition"
    return "\n".join(
        [
            *lines,
            f" {key} {say.conjunction(schema.condition)}",
            f" :effect {say.effects(schema.effect)})",
        ]
    )

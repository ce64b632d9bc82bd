"""Reads [operators] of domain.toml: which skills carry out each operator."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jouleplan.domains.body import Body
from jouleplan.domains.facts import TABLE
from jouleplan.domains.faults import Faults, Table, shown
from jouleplan.domains.skill_call import (
    DEFAULT_RETRIES,
    MOST_RETRIES,
    MOVING,
    PARTS,
    SkillCall,
)
from jouleplan.domains.skill_sets import SKILL_SETS
from jouleplan.domains.symbols import Domain, GroundAtom, Operator, Problem

_MOVED = ("moves {}, but these are fixed", "movable bodies")
_UNFIT = {
    "hover": ('goes over {}, but these are no zones (holds = "many")', "zones"),
    "press": ("presses {}, but these are no buttons", 'bodies of shape "button"'),
}


def read_calls(
    operators: Table,
    domain: Domain,
    skills: Mapping[str, tuple[str, ...]],
    faults: Faults,
) -> dict[str, tuple[SkillCall, ...]]:
    """Return operator -> its skill calls, which hold the operator's variables.

    Args:
        operators: The [operators] table.
        domain: Names the operators.
        skills: Skill -> its arguments.
        faults: Takes what does not fit; the operators concerned get no calls.
    """
    for name in operators:
        if name not in domain.operators:
            faults.unknown(f"operators.{name}", name, domain.operators)
    calls: dict[str, tuple[SkillCall, ...]] = {}
    for name, operator in domain.operators.items():
        where, entries = f"operators.{name}", operators.get(name)
        if not isinstance(entries, list) or not entries:
            problem = "is not bound" if entries is None else "has no list of skills"
            faults.add(
                where,
                f'{problem}; write {name} = [{{ skill = "...", object = "?..." }}] '
                f"with skills: {', '.join(skills)}",
            )
            continue
        read = [
            _call(faults.table(entry, at), operator, domain, skills, at, faults)
            for at, entry in ((f"{where}[{i}]", e) for i, e in enumerate(entries))
        ]
        calls[name] = tuple(call for call in read if call is not None)
    return calls


def _call(
    entry: Table,
    operator: Operator,
    domain: Domain,
    skills: Mapping[str, tuple[str, ...]],
    where: str,
    faults: Faults,
) -> SkillCall | None:
    """Return one entry as a skill call; None where it is at fault."""
    if "skill" not in entry:
        faults.add(where, f"names no skill; allowed: {', '.join(skills)}")
        return None
    skill = faults.choice(entry["skill"], skills, f"{where}.skill")
    if skill is None:
        return None
    wanted = skills[skill]
    movers = ("by",) if skill in MOVING or skill in PARTS else ()
    faults.keys(entry, ("skill", *wanted, "retries", *movers), where)
    missing = [name for name in wanted if name not in entry]
    if missing:
        faults.add(where, f"{skill} needs {' and '.join(missing)}")
        return None
    places = [*operator.parameters, *domain.constants]
    body = faults.choice(_lower(entry["object"]), places, f"{where}.object")
    on = (
        faults.choice(_lower(entry["on"]), [*places, TABLE], f"{where}.on")
        if "on" in wanted
        else None
    )
    if body is not None and body == on:
        faults.add(where, f"{body} cannot be on itself; name two variables")
    retries = entry.get("retries", DEFAULT_RETRIES)
    if type(retries) is not int or not 0 <= retries <= MOST_RETRIES:
        faults.add(
            f"{where}.retries",
            f"{shown(retries)}; give an integer from 0 to {MOST_RETRIES}",
        )
        return None
    by = (
        faults.choice(entry["by"], SKILL_SETS, f"{where}.by") if "by" in entry else None
    )
    if body is None or ("on" in wanted and on is None):
        return None
    return SkillCall(skill, body, on, retries, by)


def _lower(value: object) -> object:
    """Return a name as PDDL reads it, in lower case."""
    return value.lower() if isinstance(value, str) else value


def check_movable(
    calls: Mapping[str, tuple[SkillCall, ...]],
    bodies: Mapping[str, Body],
    domain: Domain,
    problem: Problem,
    objects_of: Callable[[tuple[str, ...]], tuple[str, ...]],
    faults: Faults,
) -> None:
    """Add a fault where a skill would act on a body that it cannot act on.

    In an untyped domain a variable may stand for any object; there only a variable that
    stands for no fitting body is a fault, and `Binding.calls` checks the ground call.

    Args:
        calls: Operator -> its skill calls, with variables.
        bodies: Object -> body.
        domain: Names the operators' types and preconditions.
        problem: Its `:init` says which objects static preconditions leave.
        objects_of: Alternative types -> the problem's objects of these.
        faults: Takes what does not fit.
    """
    for name, skill_calls in calls.items():
        operator = domain.operators[name]
        types = dict(zip(operator.parameters, operator.types, strict=True))
        for index, call in enumerate(skill_calls):
            kinds = types.get(call.object)
            names = (call.object,) if kinds is None else objects_of(kinds)
            left = [
                n
                for n in names
                if n in bodies and _allowed(n, call.object, operator, domain, problem)
            ]
            unfit = [n for n in left if not call.suits(bodies[n])]
            untyped = kinds is not None and "object" in kinds
            if unfit and not (untyped and len(unfit) < len(left)):
                said, wanted = _UNFIT.get(call.skill, _MOVED)
                faults.add(
                    f"operators.{name}[{index}].object",
                    f"{call.skill} {said.format(call.object)}: {', '.join(unfit)}; a "
                    f"variable's type must have {wanted} only",
                )


def _allowed(
    name: str, variable: str, operator: Operator, domain: Domain, problem: Problem
) -> bool:
    """Return whether the unary static preconditions let ``variable`` be ``name``."""
    static = domain.static_predicates()
    return all(
        GroundAtom(atom.predicate, (name,)) in problem.init
        for atom in operator.preconditions
        if atom.objects == (variable,) and atom.predicate in static
    )

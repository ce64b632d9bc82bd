"""Reads and checks the sizes of an [objects] entry of domain.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError
from typing import Final, Literal

from jouleplan.domains.body import Size
from jouleplan.domains.faults import Faults, Table, near_first
from jouleplan.domains.rank import RankedWidth, ranks
from jouleplan.domains.symbols import Domain, Problem

WIDEST_GRASP_M: Final = 0.066
"""The Panda opens 0.08 m; the rest is room for an off-centre grasp."""

RANK_KEYS: Final = ("rank", "narrowest", "step", "first")

Relations = Mapping[str, Sequence[tuple[str, str]]]
"""Static binary predicate -> the pairs for which `:init` says it holds."""


def static_relations(domain: Domain, problem: Problem) -> Relations:
    """Return the relations that no operator changes."""
    relations: dict[str, list[tuple[str, str]]] = {
        name: []
        for name in domain.predicates
        if name in domain.static_predicates() and domain.predicates[name].arity == 2
    }
    for atom in sorted(problem.init):
        if atom.predicate in relations:
            relations[atom.predicate].append((atom.objects[0], atom.objects[1]))
    return relations


def read_sizes(
    where: str,
    table: Table,
    kind: Literal["fixed", "movable"],
    names: list[str],
    relations: Relations,
    faults: Faults,
) -> dict[str, Size]:
    """Return the full extents of each of ``names`` [m]; none where there are faults.

    Args:
        where: Dotted key of the entry.
        table: The entry; ``size``, or ``height`` and ``width``.
        kind: Movable bodies must stand safely and fit the gripper.
        names: Objects of the entry, possibly none in this problem.
        relations: The relations that may rank widths.
        faults: Takes what does not fit.
    """
    given = sorted(table.keys() & {"size", "height", "width"})
    if given not in (["size"], ["height", "width"]):
        faults.add(
            where,
            f"has {' and '.join(given) or 'no size'}; give either size = [x, y, z] or "
            "both height and width",
        )
        return {}
    if given == ["size"]:
        sizes = _equal(_size(table["size"], f"{where}.size", faults), names)
    elif isinstance(table["width"], dict):
        height = faults.positive(table["height"], f"{where}.height")
        if kind == "fixed":
            faults.add(
                f"{where}.width", "only movable bodies are ranked; give a number"
            )
            return {}
        rule = _rule(table["width"], f"{where}.width", relations, faults)
        if rule is None or height is None:
            return {}
        pairs = relations[rule.relation]
        sizes = _ranked(rule, pairs, height, names, f"{where}.width", faults)
    else:
        height = faults.positive(table["height"], f"{where}.height")
        width = faults.positive(table["width"], f"{where}.width")
        size = (width, width, height) if width and height else None
        sizes = _equal(size, names)
    if kind == "movable":
        _check_physical(sizes, where, faults)
    return {name: sizes[name] for name in names if name in sizes}


def _equal(size: Size | None, names: list[str]) -> dict[str, Size]:
    """Return one ``size`` for all; under a stand-in name where there are none."""
    return {} if size is None else dict.fromkeys(names or ["its body"], size)


def _size(value: object, where: str, faults: Faults) -> Size | None:
    """Return ``size = [x, y, z]`` [m]."""
    if not isinstance(value, list) or len(value) != 3:
        faults.add(where, f"{value!r} is no size; give [x, y, z], full extents in m")
        return None
    x, y, z = (faults.positive(extent, where) for extent in value)
    return (x, y, z) if x and y and z else None


def _rule(
    table: Table, where: str, relations: Relations, faults: Faults
) -> RankedWidth | None:
    """Return ``width = { rank, narrowest, step }``."""
    faults.keys(table, RANK_KEYS, where)
    missing = [key for key in RANK_KEYS[:3] if key not in table]
    if missing:
        faults.add(where, f"lacks {' and '.join(missing)}")
        return None
    relation = table["rank"]
    if not isinstance(relation, str) or relation.lower() not in relations:
        faults.add(
            f"{where}.rank",
            f"{relation!r} is no static binary predicate; allowed: "
            f"{near_first(str(relation), relations)}",
        )
        relation = None
    narrowest = faults.positive(table["narrowest"], f"{where}.narrowest")
    step = faults.positive(table["step"], f"{where}.step")
    order = ("narrower", "wider")
    first = faults.choice(table.get("first", order[0]), order, f"{where}.first")
    if relation is None or narrowest is None or step is None or first is None:
        return None
    wider = first == "wider"
    return RankedWidth(
        relation.lower(), narrowest, step, "wider" if wider else "narrower"
    )


def _ranked(
    rule: RankedWidth,
    pairs: Sequence[tuple[str, str]],
    height: float,
    names: list[str],
    where: str,
    faults: Faults,
) -> dict[str, Size]:
    """Return the sizes of ``names``, as wide as their rank says."""
    below = [pair if rule.first == "narrower" else pair[::-1] for pair in pairs]
    try:
        rank = ranks(names, below)
    except CycleError as error:
        ring = " < ".join(error.args[1])
        faults.add(
            where,
            f"`{rule.relation}` is a ring, {ring}; break it in the problem's :init",
        )
        return {}
    needed, fitting = max(rank.values(), default=0) + 1, rule.fitting(WIDEST_GRASP_M)
    if needed > fitting:
        faults.add(
            where,
            f"{needed} ranks of `{rule.relation}` need {rule.width(needed - 1)} m, the "
            f"gripper takes {WIDEST_GRASP_M} m: {fitting} fit from {rule.narrowest} m "
            f"in steps of {rule.step} m; use fewer objects or a smaller step",
        )
        return {}
    widths = {name: rule.width(rank[name]) for name in names}
    widths = widths or {"its narrowest body": rule.width(0)}
    return {name: (width, width, height) for name, width in widths.items()}


def _check_physical(sizes: Mapping[str, Size], where: str, faults: Faults) -> None:
    """Add a fault for each size that topples or that the gripper cannot span."""
    same: dict[Size, list[str]] = {}
    for name, size in sizes.items():
        same.setdefault(size, []).append(name)
    for (x, y, height), names in same.items():
        who = ", ".join(names)
        if height > min(x, y):
            faults.add(
                where,
                f"{who}: {height} m high but {min(x, y)} m wide; a block higher than "
                "wide topples: keep 0 < height <= smallest width",
            )
        if max(x, y) > WIDEST_GRASP_M:
            faults.add(
                where,
                f"{who}: {max(x, y)} m wide; the gripper takes at most "
                f"{WIDEST_GRASP_M} m",
            )

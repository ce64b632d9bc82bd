"""Reads the sizes of an [objects] entry of domain.toml; `limits` judges them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError
from typing import Final, Literal

from jouleplan.domains.body import Size
from jouleplan.domains.faults import Faults, Table, near_first, shown
from jouleplan.domains.rank import RankedWidth, ranks
from jouleplan.domains.symbols import Domain, Problem

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
        kind: Only movable bodies are ranked.
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
    return sizes


def _equal(size: Size | None, names: list[str]) -> dict[str, Size]:
    """Return one ``size`` for all, none where it is at fault."""
    return {} if size is None else dict.fromkeys(names, size)


def _size(value: object, where: str, faults: Faults) -> Size | None:
    """Return ``size = [x, y, z]`` [m]."""
    if not isinstance(value, list) or len(value) != 3:
        faults.add(
            where, f"{shown(value)} is no size; give [x, y, z], full extents in m"
        )
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
            f"{shown(relation)} is no static binary predicate; allowed: "
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
    widths = {name: rule.width(rank[name]) for name in names}
    return {name: (width, width, height) for name, width in widths.items()}

"""Reads [objects] of domain.toml: which body each object of a problem gets.

An entry is found by the object's name, else by a pattern, else by the most specific of
its types.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal

from jouleplan.domains.body import (
    DEFAULT_MASS_KG,
    FIXED_PALETTE,
    MOVABLE_PALETTE,
    Body,
    Color,
    color_from_hex,
)
from jouleplan.domains.body_sizes import Relations, read_sizes, static_relations
from jouleplan.domains.faults import Faults, Table, is_number
from jouleplan.domains.symbols import Domain, Problem

KINDS: Final = ("fixed", "movable")
SHAPES: Final = ("box",)
LAYOUTS: Final = ("row",)
COMMON_KEYS: Final = ("kind", "shape", "size", "height", "width", "color")
KIND_KEYS: Final = {"fixed": ("layout",), "movable": ("mass",)}

Entries = dict[str, tuple[str, Table]]
"""Name, pattern or type -> (dotted key, table)."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What an entry says beside the sizes."""

    kind: Literal["fixed", "movable"]
    mass: float
    colors: tuple[Color, ...]
    layout: str


def read_bodies(
    objects: Table, domain: Domain, problem: Problem, faults: Faults
) -> tuple[dict[str, Body], dict[str, str]]:
    """Return the body of each object and the layout of each fixed one.

    Args:
        objects: The [objects] table.
        domain: Names the types.
        problem: Names the objects; the bodies keep their order.
        faults: Takes what does not fit; the objects concerned get no body.
    """
    by_name, by_pattern, by_type = _entries(objects, domain, faults)
    members: dict[str, list[str]] = {}
    for name, kind in problem.objects.items():
        if name == "table":
            faults.add("objects", "'table' names the table top; rename that object")
        found = by_name.get(name) or _matching(name, by_pattern, faults)
        found = found or _of_type(kind, by_type, domain)
        if found is None:
            faults.add(
                "objects",
                f"{name} (type {kind}) has no body; write [objects.{kind}], "
                f'[objects.name.{name}] or [objects.match."{name[0]}*"]',
            )
        else:
            members.setdefault(found[0], []).append(name)
    built: dict[str, Body] = {}
    layout: dict[str, str] = {}
    relations = static_relations(domain, problem)
    for where, table in (*by_name.values(), *by_pattern.values(), *by_type.values()):
        bodies, row = _build(where, table, members.get(where, []), relations, faults)
        built |= bodies
        layout |= dict.fromkeys(bodies, row) if row else {}
    return {name: built[name] for name in problem.objects if name in built}, layout


def _entries(
    objects: Table, domain: Domain, faults: Faults
) -> tuple[Entries, Entries, Entries]:
    """Return the entries by name, by pattern and by type."""
    types = dict.fromkeys((*domain.types, "object"))
    by_type: Entries = {}
    nested: dict[str, Entries] = {"name": {}, "match": {}}
    for key, value in objects.items():
        where = f"objects.{key}"
        if key in nested:
            nested[key] = {
                name: (f"{where}.{name}", faults.table(table, f"{where}.{name}"))
                for name, table in faults.named(value, where).items()
            }
        elif key in types:
            by_type[key] = (where, faults.table(value, where))
        else:
            faults.unknown(where, key, (*types, "name", "match"))
    return nested["name"], nested["match"], by_type


def _matching(
    name: str, by_pattern: Entries, faults: Faults
) -> tuple[str, Table] | None:
    """Return the entry whose pattern ``name`` fits; two are a fault."""
    fitting = [pattern for pattern in by_pattern if fnmatchcase(name, pattern)]
    if len(fitting) > 1:
        faults.add(
            "objects.match",
            f"{name} fits {' and '.join(map(repr, fitting))}; let one pattern fit, or "
            f"write [objects.name.{name}]",
        )
    return by_pattern[fitting[0]] if fitting else None


def _of_type(kind: str, by_type: Entries, domain: Domain) -> tuple[str, Table] | None:
    """Return the entry of ``kind`` or of its nearest ancestor."""
    current: str | None = kind
    while current is not None:
        if current in by_type:
            return by_type[current]
        current = domain.types.get(current)
    return by_type.get("object")


def _build(
    where: str, table: Table, names: list[str], relations: Relations, faults: Faults
) -> tuple[dict[str, Body], str]:
    """Return the bodies one entry gives to ``names``, and their layout if fixed."""
    look = _look(where, table, faults)
    if look is None:
        return {}, ""
    sizes = read_sizes(where, table, look.kind, names, relations, faults)
    bodies = {
        name: Body(
            name,
            look.kind,
            "box",
            sizes[name],
            look.mass,
            look.colors[number % len(look.colors)],
        )
        for number, name in enumerate(names)
        if name in sizes
    }
    return bodies, look.layout


def _look(where: str, table: Table, faults: Faults) -> _Look | None:
    """Return kind, mass, colours and layout of an entry; None without a kind."""
    if "kind" not in table:
        faults.add(f"{where}.kind", f"is missing; allowed: {', '.join(KINDS)}")
        return None
    kind = faults.choice(table["kind"], KINDS, f"{where}.kind")
    if kind is None:
        return None
    faults.keys(table, COMMON_KEYS + KIND_KEYS[kind], where)
    faults.choice(table.get("shape", "box"), SHAPES, f"{where}.shape")
    palette = list(MOVABLE_PALETTE if kind == "movable" else FIXED_PALETTE)
    colors = _colors(table.get("color", palette), f"{where}.color", faults)
    if kind == "fixed":
        row = faults.choice(table.get("layout", "row"), LAYOUTS, f"{where}.layout")
        return _Look("fixed", 0.0, colors, row or "row")
    mass = faults.positive(table.get("mass", DEFAULT_MASS_KG), f"{where}.mass", "kg")
    return _Look("movable", mass or DEFAULT_MASS_KG, colors, "")


def _colors(value: object, where: str, faults: Faults) -> tuple[Color, ...]:
    """Return the colours of an entry: one, or several that its bodies take in turn."""
    values = value if isinstance(value, list) else [value]
    texts = [v for v in values if isinstance(v, str)]
    numbers = [v for v in values if is_number(v)]
    try:
        if texts and len(texts) == len(values):
            return tuple(color_from_hex(text) for text in texts)
        if numbers and len(numbers) == len(values):
            return (_color_from_numbers(numbers),)
        faults.add(
            where,
            f"{value!r} is no colour; write '#rrggbb', a list of those (taken in turn) "
            "or [red, green, blue] from 0 to 1",
        )
    except ValueError as error:
        faults.add(where, str(error))
    return (color_from_hex(FIXED_PALETTE[0]),)


def _color_from_numbers(values: list[float]) -> Color:
    """Return [red, green, blue] or [red, green, blue, opacity] as a colour."""
    if len(values) not in (3, 4) or not all(0 <= v <= 1 for v in values):
        raise ValueError(f"{values} is no colour; give 3 or 4 numbers from 0 to 1")
    red, green, blue, opacity = map(float, (*values, 1.0)[:4])
    return (red, green, blue, opacity)

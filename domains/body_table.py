"""Reads [objects] of domain.toml: which body each object of a problem gets.

An entry is found by the object's name, else by a pattern, else by the most specific of
its types.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal

from jouleplan.domains.arrangement import Grid, Layout
from jouleplan.domains.body import (
    DEFAULT_MASS_KG,
    FIXED_PALETTE,
    MOVABLE_PALETTE,
    Body,
    Color,
    color_from_hex,
)
from jouleplan.domains.body_sizes import Relations, read_sizes, static_relations
from jouleplan.domains.button import check_buttons
from jouleplan.domains.faults import Faults, Table, is_number, shown
from jouleplan.domains.form_table import FORM_KEYS, FORM_KINDS, read_form
from jouleplan.domains.shapes import SHAPES, Shape
from jouleplan.domains.symbols import Domain, Problem

KINDS: Final = ("fixed", "movable", "hand")
LAYOUTS: Final = ("row", "grid")
HOLDS: Final = ("one", "many")
GRID_KEYS: Final = ("at", "columns", "pitch")
COMMON_KEYS: Final = ("kind", "shape", "color")
_BOX_KEYS: Final = ("size", "height", "width")
SIZE_KEYS: Final = {"box": _BOX_KEYS, "button": _BOX_KEYS, **FORM_KEYS}
"""Shape -> the keys that give its measures."""
SHAPE_KINDS: Final = {"button": "fixed", **FORM_KINDS}
"""Shape -> the only kind it comes in."""
KIND_KEYS: Final = {
    "fixed": ("layout", "holds", *GRID_KEYS),
    "movable": ("mass",),
}

Entries = dict[str, tuple[str, Table]]
"""Name, pattern or type -> (dotted key, table)."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What an entry says beside the sizes; the layout is "" for what moves."""

    kind: Literal["fixed", "movable"]
    shape: Shape
    mass: float
    colors: tuple[Color, ...]
    layout: Layout
    holds: Literal["one", "many"] = "one"


def read_bodies(
    objects: Table, domain: Domain, problem: Problem, faults: Faults
) -> tuple[dict[str, Body], dict[str, Layout], tuple[str, ...]]:
    """Return the body of each object, the layout of each fixed one, and the hand.

    The hand is an object that stands for the arm's and has no body; one at most.

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
    layout: dict[str, Layout] = {}
    hands: list[str] = []
    relations = static_relations(domain, problem)
    for where, table in (*by_name.values(), *by_pattern.values(), *by_type.values()):
        names = members.get(where, [])
        if table.get("kind") == "hand":
            faults.keys(table, ("kind",), where)
            hands += names
            continue
        bodies, how = _build(where, table, names, relations, faults)
        built |= bodies
        layout |= dict.fromkeys(bodies, how) if how else {}
    if len(hands) > 1:
        faults.add(
            "objects", f"{' and '.join(hands)} are hands; the arm has one: leave one"
        )
    ordered = {name: built[name] for name in problem.objects if name in built}
    return ordered, layout, tuple(hands)


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
) -> tuple[dict[str, Body], Layout]:
    """Return the bodies one entry gives to ``names``, and their layout if fixed."""
    look = _look(where, table, faults)
    if look is None:
        return {}, ""
    form = None
    if look.shape in FORM_KEYS:
        formed = read_form(where, look.shape, table, faults)
        sizes = {} if formed is None else dict.fromkeys(names, formed.size)
        form = None if formed is None else formed.form
    else:
        sizes = read_sizes(where, table, look.kind, names, relations, faults)
    if look.shape == "button":
        check_buttons(sizes, where, faults)
    bodies = {
        name: Body(
            name,
            look.kind,
            look.shape,
            sizes[name],
            look.mass,
            look.colors[number % len(look.colors)],
            look.holds,
            form,
        )
        for number, name in enumerate(names)
        if name in sizes
    }
    return bodies, look.layout


def _look(where: str, table: Table, faults: Faults) -> _Look | None:
    """Return all but the sizes of an entry; None without a kind."""
    if "kind" not in table:
        faults.add(f"{where}.kind", f"is missing; allowed: {', '.join(KINDS)}")
        return None
    kind = faults.choice(table["kind"], KINDS, f"{where}.kind")
    if kind is None:
        return None
    given = faults.choice(table.get("shape", "box"), SHAPES, f"{where}.shape")
    shape: Shape | None = next((s for s in SHAPES if s == given), None)
    if shape is None:
        return None
    faults.keys(table, COMMON_KEYS + SIZE_KEYS[shape] + KIND_KEYS[kind], where)
    if SHAPE_KINDS.get(shape, kind) != kind:
        faults.add(f"{where}.kind", f"a {shape} is {SHAPE_KINDS[shape]}; write so")
        return None
    palette = list(MOVABLE_PALETTE if kind == "movable" else FIXED_PALETTE)
    colors = _colors(table.get("color", palette), f"{where}.color", faults)
    if kind == "fixed":
        holds = faults.choice(table.get("holds", "one"), HOLDS, f"{where}.holds")
        layout = _layout(table, where, faults)
        many: Literal["one", "many"] = "many" if holds == "many" else "one"
        return _Look("fixed", shape, 0.0, colors, layout, many)
    mass = faults.positive(table.get("mass", DEFAULT_MASS_KG), f"{where}.mass", "kg")
    return _Look("movable", shape, mass or DEFAULT_MASS_KG, colors, "")


def _layout(table: Table, where: str, faults: Faults) -> Layout:
    """Return how the fixed bodies of an entry are laid out."""
    how = faults.choice(table.get("layout", "row"), LAYOUTS, f"{where}.layout")
    if how != "grid":
        for key in GRID_KEYS:
            if key in table:
                faults.add(f"{where}.{key}", 'is of a grid; write layout = "grid"')
        return "row"
    middle = table.get("at", [0.5, 0.0])
    at = _pair(middle, f"{where}.at", faults, "place, seen from the base; give")
    pitch = table.get("pitch")
    steps = None
    if pitch is not None:
        steps = _pair(pitch, f"{where}.pitch", faults, "pitch; give the steps")
    if steps is not None and min(steps) <= 0:
        faults.add(f"{where}.pitch", f"{shown(pitch)}; give two numbers above 0 in m")
    columns = table.get("columns", 0)
    if type(columns) is not int or not 0 <= columns < 100:
        faults.add(
            f"{where}.columns",
            f"{shown(columns)}; give an integer, 0 for one row of all",
        )
        columns = 0
    return Grid(where, at or (0.5, 0.0), columns, steps)


def _pair(
    value: object, where: str, faults: Faults, what: str
) -> tuple[float, float] | None:
    """Return [x, y] [m]; ``what`` it would be is for the message."""
    given = value if isinstance(value, list) else []
    numbers = [v for v in given if is_number(v) and abs(v) < 10]
    if len(numbers) == len(given) == 2:
        return float(numbers[0]), float(numbers[1])
    faults.add(where, f"{shown(value)} is no {what} [x, y] in m")
    return None


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
            f"{shown(value)} is no colour; write '#rrggbb', a list of those (taken in "
            "turn) or [red, green, blue] from 0 to 1",
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

"""Reads and checks the form of an [objects] entry that is no box: a nut or a post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jouleplan.domains.body import Size
from jouleplan.domains.faults import Faults, Table, shown
from jouleplan.domains.shapes import Form, nut, post

FORM_KEYS: Final = {
    "nut": ("outer", "hole", "thickness", "handle"),
    "post": ("plate", "side", "rise"),
}
"""Shape -> the keys that give its measures, all of them needed."""
FORM_KINDS: Final = {"nut": "movable", "post": "fixed"}
LEAST_WALL_M: Final = 0.008


@dataclass(frozen=True, slots=True)
class Formed:
    """A form, and the extents (x, y, z) [m] of the part its frame lies in."""

    form: Form
    size: Size


def read_form(where: str, shape: str, table: Table, faults: Faults) -> Formed | None:
    """Return what an entry of ``shape`` "nut" or "post" is made of.

    Args:
        where: Dotted key of the entry.
        shape: One of ``FORM_KEYS``.
        table: The entry.
        faults: Takes what does not fit.
    """
    missing = [key for key in FORM_KEYS[shape] if key not in table]
    if missing:
        faults.add(where, f"a {shape} needs {' and '.join(missing)} [m]")
        return None
    return _nut(where, table, faults) if shape == "nut" else _post(where, table, faults)


def _nut(where: str, table: Table, faults: Faults) -> Formed | None:
    lengths = [
        faults.positive(table[key], f"{where}.{key}")
        for key in ("outer", "hole", "thickness")
    ]
    handle = _lengths(table["handle"], f"{where}.handle", 2, "[length, width]", faults)
    outer, hole, thickness = lengths
    if outer is None or hole is None or thickness is None or handle is None:
        return None
    if outer - hole < 2 * LEAST_WALL_M:
        faults.add(
            f"{where}.hole",
            f"{hole} m in a ring of {outer} m; leave a wall of at least "
            f"{LEAST_WALL_M} m on every side",
        )
        return None
    length, width = handle
    form = nut(outer, hole, thickness, (length, width))
    return Formed(form, (width, length, thickness))


def _post(where: str, table: Table, faults: Faults) -> Formed | None:
    plate = _lengths(table["plate"], f"{where}.plate", 3, "[x, y, z]", faults)
    side = faults.positive(table["side"], f"{where}.side")
    rise = faults.positive(table["rise"], f"{where}.rise")
    if plate is None or side is None or rise is None:
        return None
    if side > min(plate[:2]):
        faults.add(
            f"{where}.side", f"{side} m; the post stands on a plate of {plate[:2]} m"
        )
        return None
    size = (plate[0], plate[1], plate[2])
    return Formed(post(size, side, rise), size)


def _lengths(
    value: object, where: str, count: int, form: str, faults: Faults
) -> list[float] | None:
    """Return a list of ``count`` lengths [m]."""
    if not isinstance(value, list) or len(value) != count:
        faults.add(where, f"{shown(value)} is not {form}; give {count} lengths in m")
        return None
    lengths = [faults.positive(length, where) for length in value]
    known = [length for length in lengths if length is not None]
    return known if len(known) == count else None

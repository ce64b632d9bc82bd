"""Faults: everything wrong in one file, collected while it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, TypeGuard

from jouleplan.domains.errors import near_matches

Table = dict[str, object]
"""A TOML table."""
_LONGEST: Final = 100
_LARGEST: Final = 1e6


def near_first(given: str, allowed: Iterable[str]) -> str:
    """Return ``allowed`` as one line, names close to ``given`` first."""
    names = list(dict.fromkeys(allowed))
    near = near_matches(given, names)
    rest = [name for name in names if name not in near]
    return ", ".join([*near, *rest]) or "none"


def shown(value: object) -> str:
    """Return a value as a message shows it: as it is written, cut where it is long."""
    try:
        text = repr(value)
    except ValueError:  # Python writes no integers of more than 4300 digits
        return "an integer of thousands of digits"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether ``value`` is a TOML number; a boolean is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


class Faults:
    """Collects messages, so that one run shows every fault of a file.

    A reader that finds a fault adds it and returns None or nothing; the caller goes on
    and asks at the end.
    """

    def __init__(self) -> None:
        """Start without faults."""
        self._messages: list[str] = []

    @property
    def messages(self) -> tuple[str, ...]:
        """Every fault so far, in the order found, each once."""
        return tuple(dict.fromkeys(self._messages))

    def add(self, where: str, message: str) -> None:
        """Add a fault at the dotted key ``where``."""
        self._messages.append(f"{where}: {message}")

    def unknown(self, where: str, given: object, allowed: Iterable[str]) -> None:
        """Add that ``given`` is none of the ``allowed`` names."""
        name = given if isinstance(given, str) else ""
        allowed_text = near_first(name, allowed)
        self.add(where, f"unknown {shown(given)}; allowed: {allowed_text}")

    def table(self, value: object, where: str) -> Table:
        """Return ``value`` if it is a table, else an empty one and a fault."""
        if isinstance(value, dict):
            return value
        self.add(where, f"{shown(value)} is no table; write {{ key = value, ... }}")
        return {}

    def named(self, value: object, where: str) -> Table:
        """Return a table whose keys are PDDL names, in lower case."""
        lowered: Table = {}
        for key, entry in self.table(value, where).items():
            if key.lower() in lowered:
                self.add(where, f"{key.lower()!r} is given twice; keep one")
            lowered[key.lower()] = entry
        return lowered

    def keys(self, table: Table, allowed: Collection[str], where: str) -> None:
        """Add a fault for every key of ``table`` that is not ``allowed``."""
        for key in table:
            if key not in allowed:
                self.unknown(where, key, allowed)

    def choice(self, value: object, allowed: Collection[str], where: str) -> str | None:
        """Return ``value`` if it is one of ``allowed``, else None and a fault."""
        if isinstance(value, str) and value in allowed:
            return value
        self.unknown(where, value, allowed)
        return None

    def positive(self, value: object, where: str, unit: str = "m") -> float | None:
        """Return ``value`` if it is a number above 0, else None and a fault."""
        # The bound keeps out inf, nan and integers that no float holds.
        if is_number(value) and 0 < value < _LARGEST:
            return float(value)
        what = f"number above 0 and below {_LARGEST:,.0f}"
        self.add(where, f"{shown(value)} is no {what}; give one in {unit}")
        return None

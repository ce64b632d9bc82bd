"""The ten trajectory constraints of PDDL3, each watching the states as they come.

Source: Gerevini and Long 2005, Plan Constraints and Preferences in PDDL3, sec. 4. The
last state lasts: a ``hold-during`` that begins behind the plan's end is about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Protocol

from jouleplan.planner.validator.numbers import order


class Monitor(Protocol):
    """Watches the truth of a constraint's parts in the states of a plan."""

    def see(self, time: Fraction, holds: Sequence[bool]) -> None:
        """Take in a state, with the truth of each part in it."""
        ...

    def kept(self) -> bool:
        """Return whether the constraint is kept, were the last state the end."""
        ...


_Make = Callable[[tuple[Fraction, ...]], Monitor]


class AtEnd:
    """``(at end a)``."""

    def __init__(self, times: tuple[Fraction, ...]) -> None:
        """Begin without states."""
        self._last = False

    def see(self, time: Fraction, holds: Sequence[bool]) -> None:
        """Take in a state."""
        self._last = holds[0]

    def kept(self) -> bool:
        """Return whether the part holds now."""
        return self._last


class Always:
    """``(always a)``."""

    def __init__(self, times: tuple[Fraction, ...]) -> None:
        """Begin without states."""
        self._kept = True

    def see(self, time: Fraction, holds: Sequence[bool]) -> None:
        """Take in a state."""
        self._kept = self._kept and holds[0]

    def kept(self) -> bool:
        """Return whether the part has always held."""
        return self._kept


class Sometime:
    """``(sometime a)``."""

    def __init__(self, times: tuple[Fraction, ...]) -> None:
        """Begin without states."""
        self._kept = False

    def see(self, time: Fraction, holds: Sequence[bool]) -> None:
        """Take in a state."""
        self._kept = self._kept or holds[0]

    def kept(self) -> bool:
        """Return whether the part has held."""
        return self._kept


class Within:
    """``(within t a)``: at ``t`` at the latest."""

    def __init__(self, times: tuple[Fraction, ...]) -> None:
        """Begin without states."""
        self._until, self._kept = times[0], False

    def see(self, time: Fraction, holds: Sequence[bool]) -> None:
        """Take in a state."""
        if order(time, self._until) <= 0:
            self._kept = self._kept or holds[0]

    def kept(self) -> bool:
        """Return whether the part has held in time."""
        return self._kept


class AtMostOnce:
    """``(at-most-once a)``: in one unbroken stretch of states."""

    def __init__(self, times: tuple[Fraction, ...]) -> None:
        """Begin without states."""
        self._stretches, self._before = 0, False

    def see(self, time: Fraction, holds: Sequence[bool]) -> None:
        """Take in a state."""
        self._stretches += holds[0] and not self._before
        self._before = holds[0]

    def kept(self) -> bool:
        """Return whether there was no second stretch."""
        return self._stretches <= 1


class SometimeAfter:
    """``(sometime-after a b)``: where a holds, b does then or later."""

    def __init__(self, times: tuple[Fraction, ...]) -> None:
        """Begin without states."""
        self._owed = False

    def see(self, time: Fraction, holds: Sequence[bool]) -> None:
        """Take in a state."""
        first, second = holds
        self._owed = (self._owed or first) and not second

    def kept(self) -> bool:
        """Return whether the second part is not owed."""
        return not self._owed


class SometimeBefore:
    """``(sometime-before a b)``: where a holds, b has held in an earlier state."""

    def __init__(self, times: tuple[Fraction, ...]) -> None:
        """Begin without states."""
        self._kept, self._seen = True, False

    def see(self, time: Fraction, holds: Sequence[bool]) -> None:
        """Take in a state."""
        first, second = holds
        self._kept = self._kept and (self._seen or not first)
        self._seen = self._seen or second

    def kept(self) -> bool:
        """Return whether the first part has not come too early."""
        return self._kept


class AlwaysWithin:
    """``(always-within t a b)``: where a holds, b does at most ``t`` later."""

    def __init__(self, times: tuple[Fraction, ...]) -> None:
        """Begin without states."""
        self._most, self._kept = times[0], True
        self._owed_since: Fraction | None = None

    def see(self, time: Fraction, holds: Sequence[bool]) -> None:
        """Take in a state."""
        first, second = holds
        if first and self._owed_since is None:
            self._owed_since = time
        if second and self._owed_since is not None:
            if order(time - self._owed_since, self._most) > 0:
                self._kept = False
            self._owed_since = None

    def kept(self) -> bool:
        """Return whether the second part was in time, and is not owed."""
        return self._kept and self._owed_since is None


class HoldDuring:
    """``(hold-during t u a)``, from ``t`` until before ``u``; ``(hold-after t a)``."""

    def __init__(self, times: tuple[Fraction, ...]) -> None:
        """Begin without states."""
        self._begin = times[0]
        self._end = times[1] if len(times) > 1 else None
        self._at_begin, self._kept = False, True

    def see(self, time: Fraction, holds: Sequence[bool]) -> None:
        """Take in a state."""
        if order(time, self._begin) <= 0:
            self._at_begin = holds[0]
        elif self._end is None or order(time, self._end) < 0:
            self._kept = self._kept and holds[0]

    def kept(self) -> bool:
        """Return whether the part holds in all states of the time."""
        return self._kept and self._at_begin


MONITORS: Mapping[str, tuple[_Make, int, int]] = {
    "at-end": (AtEnd, 0, 1),
    "always": (Always, 0, 1),
    "sometime": (Sometime, 0, 1),
    "within": (Within, 1, 1),
    "at-most-once": (AtMostOnce, 0, 1),
    "sometime-after": (SometimeAfter, 0, 2),
    "sometime-before": (SometimeBefore, 0, 2),
    "always-within": (AlwaysWithin, 1, 2),
    "hold-during": (HoldDuring, 2, 1),
    "hold-after": (HoldDuring, 1, 1),
}
"""By word: the monitor, how many times and how many parts it takes."""

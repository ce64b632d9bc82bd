"""Disturber: where an outside hand may act on a running episode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jouleplan.domains.scene import Scene
from jouleplan.domains.symbols import GroundOperator, State


@dataclass(slots=True)
class Disturber:
    """An outside hand: called before every operator and after every control step.

    Attributes:
        before: Called with (scene, state, next operator); says what it did, or "".
        during: Called with the scene after every control step; says what it did.
    """

    before: Callable[[Scene, State, GroundOperator], str] | None = None
    during: Callable[[Scene], str] | None = None

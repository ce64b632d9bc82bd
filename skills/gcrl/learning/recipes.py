"""Recipes: how options are trained on play."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from jouleplan.skills.errors import TrainingError
from jouleplan.skills.gcrl.learning.registry import ALGORITHMS
from jouleplan.skills.gcrl.learning.training import Recipe
from jouleplan.skills.gcrl.sampler import Mixture

MIXTURE: Final = Mixture(waypoint_steps=10, moving=0.5)
"""Operators take some 60 steps, so that a way point lies 10 ahead."""
BOOTSTRAP: Final = {"saw": 0.3}
"""Where play of a manipulator asks for another beta than the source's default."""


def option_recipe(algorithm: str, updates: int) -> Recipe:
    """Return how an option is trained.

    Raises:
        TrainingError: There is no such algorithm.
    """
    if algorithm not in ALGORITHMS:
        raise TrainingError(
            f"unknown algorithm {algorithm!r}; there are {', '.join(ALGORITHMS)}"
        )
    settings = ALGORITHMS[algorithm].settings
    if algorithm in BOOTSTRAP:
        settings = replace(settings, bootstrap=BOOTSTRAP[algorithm])
    return Recipe(algorithm, updates, settings=settings, mixture=MIXTURE)

"""A field to play in: a point that walks in a square, and its goals."""

from __future__ import annotations

import numpy as np

from jouleplan.skills.gcrl.play import Play, join
from jouleplan.skills.gcrl.space import GoalSpace

POINT = GoalSpace(2, (0, 1), ((1.0, 1.0), (1.0, 0.0)), tolerance=0.1)
FULL = GoalSpace(2, (0, 1), ((1.0, 1.0),), tolerance=0.1)
SCALED = GoalSpace(2, (0, 1), ((1.0, 1.0), (0.0, 1.0)), 0.1, scales=(1.0, 0.2))


def walks(count: int = 40, steps: int = 30, seed: int = 0) -> Play:
    """Return walks of a point that goes straight to random places, with noise."""
    rng = np.random.default_rng(seed)
    walked = []
    for _ in range(count):
        at = rng.uniform(-1, 1, 2)
        goal = rng.uniform(-1, 1, 2)
        seen, done = [at], []
        for _ in range(steps):
            way = goal - at
            if np.linalg.norm(way) < 0.1:
                goal = rng.uniform(-1, 1, 2)
            action = np.clip(way / 0.1 + rng.normal(0, 0.3, 2), -1, 1)
            at = np.clip(at + 0.1 * action, -1, 1)
            seen.append(at)
            done.append(action)
        walked.append((np.array(seen, dtype="f"), np.array(done, dtype="f")))
    return join(walked)

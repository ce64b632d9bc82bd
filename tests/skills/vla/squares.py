"""Demonstrations of a hand that goes to the square that it is told, without physics."""

from __future__ import annotations

import numpy as np

from jouleplan.skills.vla.demos import Demo, DemoOperator
from jouleplan.skills.vla.views import scene_spots

SIDE = 64
STATE = np.array([0.1, 0.0, 0.1, np.pi, 0, 0, 0.04, -0.04], np.float32)
"""A hand behind the squares, whose camera sees none of them."""
COLORS = {"red": (220, 40, 40), "blue": (40, 40, 220)}


def told(color: str) -> str:
    """Return the prompt of an operator."""
    return f"Go to the {color} square."


def picture(places: dict[str, tuple[int, int]]) -> np.ndarray:
    """Return a grey picture (64, 64, 3) with a square at (x, y) of each color."""
    seen = np.full((SIDE, SIDE, 3), 200, np.uint8)
    for color, (x, y) in places.items():
        seen[y - 4 : y + 4, x - 4 : x + 4] = COLORS[color]
    return seen


def draw(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return where the squares are on the table [m]: one to the left, one right."""
    sides = rng.permutation([-1.0, 1.0])
    return {
        color: np.array((rng.uniform(0.4, 0.6), side * rng.uniform(0.06, 0.2), 0.05))
        for color, side in zip(COLORS, sides, strict=True)
    }


def seen_at(points: dict[str, np.ndarray]) -> dict[str, tuple[int, int]]:
    """Return the pixel (x, y) in which the camera in front sees each square."""
    spots = scene_spots(np.stack(list(points.values())))
    pixels = ((spots + 1) * SIDE / 2).astype(int)
    return {color: (x, y) for color, (x, y) in zip(points, pixels, strict=True)}


def demos(count: int = 60, seed: int = 0) -> list[Demo]:
    """Return demonstrations of four frames each; x leads to the square's side."""
    rng, found = np.random.default_rng(seed), []
    for number in range(count):
        color = ("red", "blue")[number % 2]
        frames, action = [], np.zeros((4, 7), np.float32)
        poses = np.zeros((4, 2, 7), np.float32)
        for frame in range(4):
            points = draw(rng)
            places = seen_at(points)
            frames.append(picture(places))
            action[frame, 0] = 0.8 if places[color][0] > SIDE / 2 else -0.8
            poses[frame, :, :3] = [points[name] for name in COLORS]
        action[:, 6] = -1.0
        seen = np.stack(frames)
        found.append(
            Demo(
                number,
                "squares",
                "one",
                f"Play with the {color} one.",
                True,
                (DemoOperator(f"go({color})", told(color), True, "operator"),),
                tuple(COLORS),
                seen,
                np.full_like(seen, 128),
                np.tile(STATE, (4, 1)),
                np.zeros(4, np.bool_),
                action,
                np.zeros(4, np.int16),
                np.arange(0, 12, 3, dtype=np.int32),
                poses,
            )
        )
    return found

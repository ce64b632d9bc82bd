"""Demonstrations of a hand that goes to the square that it is told, without physics."""

from __future__ import annotations

import numpy as np

from jouleplan.skills.vla.demos import Demo, DemoOperator

SIDE = 64
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


def draw(rng: np.random.Generator) -> dict[str, tuple[int, int]]:
    """Return where the squares are: one on the left, one on the right."""
    sides = rng.permutation([14, 50])
    return {
        color: (int(side + rng.integers(-6, 7)), int(rng.integers(8, 56)))
        for color, side in zip(COLORS, sides, strict=True)
    }


def demos(count: int = 60, seed: int = 0) -> list[Demo]:
    """Return demonstrations of four frames each; x leads to the square's side."""
    rng, found = np.random.default_rng(seed), []
    for number in range(count):
        color = ("red", "blue")[number % 2]
        frames, action = [], np.zeros((4, 7), np.float32)
        for frame in range(4):
            places = draw(rng)
            frames.append(picture(places))
            action[frame, 0] = places[color][0] / (SIDE / 2) - 1
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
                (),
                seen,
                np.full_like(seen, 128),
                np.tile(
                    np.array([0, 0, 0, np.pi, 0, 0, 0.04, -0.04], np.float32), (4, 1)
                ),
                np.zeros(4, np.bool_),
                action,
                np.zeros(4, np.int16),
                np.arange(0, 12, 3, dtype=np.int32),
                np.zeros((4, 0, 7), np.float32),
            )
        )
    return found

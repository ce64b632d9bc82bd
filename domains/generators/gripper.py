"""Gripper: balls in two rooms, to be carried to where they shall be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jouleplan.domains.generators.problem_text import check_size, problem_text

if TYPE_CHECKING:
    import numpy as np

ROOMS: Final = ("rooma", "roomb")
MOST: Final = 12


def generate_gripper(n: int, rng: np.random.Generator) -> str:
    """Return a problem of ``n`` balls, each in one of two rooms, and a hand over one.

    Every ball shall be in one room or the other, all equally likely, as where it is and
    where the hand is.

    Args:
        n: Number of balls, 1 to 12.
        rng: Source of randomness.

    Raises:
        ProblemSizeError: ``n`` is out of range.
    """
    check_size("gripper", n, 1, "balls", MOST)
    balls = [f"ball{i}" for i in range(1, n + 1)]

    def rooms(count: int) -> list[str]:
        return [ROOMS[i] for i in rng.integers(len(ROOMS), size=count)]

    start = rooms(n)
    goal = start
    while goal == start:
        goal = rooms(n)
    static = [f"(room {room})" for room in ROOMS]
    static += [f"(ball {ball})" for ball in balls] + ["(gripper left)"]
    return problem_text(
        "gripper",
        f"gripper-{n}",
        f"{' '.join(ROOMS)} {' '.join(balls)} left",
        [
            *static,
            f"(at-robby {rooms(1)[0]})",
            "(free left)",
            *(f"(at {b} {room})" for b, room in zip(balls, start, strict=True)),
        ],
        [f"(at {b} {room})" for b, room in zip(balls, goal, strict=True)],
    )

"""New problems of the kitchen: pots and food to be brought where they are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jouleplan.domains.errors import ProblemSizeError
from jouleplan.domains.generators.problem_text import check_size, problem_text

if TYPE_CHECKING:
    import numpy as np

MOST: Final = 5
"""Pots and food that a row of six burners, buttons, boards and plates has room for."""


@dataclass(frozen=True, slots=True)
class _Kitchen:
    """What stands in a kitchen; ``buttons[i]`` controls ``burners[i]``."""

    pots: tuple[str, ...]
    food: tuple[str, ...]
    burners: tuple[str, ...]
    buttons: tuple[str, ...]
    boards: tuple[str, ...]
    plates: tuple[str, ...]

    @property
    def objects(self) -> str:
        """The objects with their types, as PDDL."""
        kinds = {
            "food": self.food,
            "pot": self.pots,
            "burner": self.burners,
            "button": self.buttons,
            "board": self.boards,
            "plate": self.plates,
        }
        return " ".join(f"{' '.join(o)} - {kind}" for kind, o in kinds.items() if o)


def generate_kitchen(n: int, rng: np.random.Generator) -> str:
    """Return a kitchen problem with ``n`` pots and pieces of food.

    One stove, with four things maybe two, and boards and plates beside.
    Start and goal are drawn alike: each pot stands on a burner or a board, each piece
    of food on a board, a plate or a pot, and a stove under a pot is on or off, all
    equally likely. The goal says where everything is, and what is off.

    Args:
        n: Number of pots and pieces of food together, 2 to 5.
        rng: Source of randomness.

    Raises:
        ProblemSizeError: ``n`` is less or more.
    """
    check_size("kitchen", n, 2, "things")
    if n > MOST:
        raise ProblemSizeError(
            f"a kitchen problem of {n} things cannot be made; give 2 to {MOST}"
        )
    kitchen = _random_kitchen(n, rng)
    where, lit = _arrange(kitchen, rng)
    goal, goal_lit = where, lit
    while (goal, goal_lit) == (where, lit):
        goal, goal_lit = _arrange(kitchen, rng)
    taken = set(where.values())
    places = (*kitchen.food, *kitchen.pots, *kitchen.burners)
    places += (*kitchen.boards, *kitchen.plates)
    return problem_text(
        "kitchen",
        f"kitchen-{n}",
        kitchen.objects,
        [
            *(f"(on {thing} {place})" for thing, place in where.items()),
            *(f"(clear {place})" for place in places if place not in taken),
            *(f"(lit {button})" for button in lit),
            "(hand-empty)",
            *(
                f"(controls {button} {burner})"
                for button, burner in zip(kitchen.buttons, kitchen.burners, strict=True)
            ),
        ],
        [
            *(f"(on {thing} {place})" for thing, place in goal.items()),
            *(
                f"(lit {button})" if button in goal_lit else f"(not (lit {button}))"
                for button in kitchen.buttons
            ),
        ],
    )


def _random_kitchen(n: int, rng: np.random.Generator) -> _Kitchen:
    """Return a kitchen whose burners, buttons, boards and plates fill a row of six.

    Five things get one stove and two pots: with more food, or with fewer boards and
    plates, hardly a place is free and few goals can be reached.
    """
    stoves = int(rng.integers(1, 3)) if n == 4 else 1
    fewest, most = {2: (1, 1), MOST: (2, 2)}.get(n, (stoves, 2))
    pots = int(rng.integers(fewest, most + 1))
    counters = (6 - 2 * stoves) // 2

    def named(stem: str, count: int) -> tuple[str, ...]:
        return tuple(f"{stem}{i}" for i in range(1, count + 1))

    return _Kitchen(
        named("pot", pots),
        named("food", n - pots),
        named("burner", stoves),
        named("button", stoves),
        named("board", counters),
        named("plate", counters),
    )


def _arrange(
    kitchen: _Kitchen, rng: np.random.Generator
) -> tuple[dict[str, str], frozenset[str]]:
    """Return where each pot and piece of food stands, and the buttons that are on."""
    stands = (*kitchen.burners, *kitchen.boards)
    picked = rng.permutation(len(stands))[: len(kitchen.pots)]
    where = {pot: stands[int(i)] for pot, i in zip(kitchen.pots, picked, strict=True)}
    dishes = [*kitchen.boards, *kitchen.plates, *kitchen.pots]
    dishes = [dish for dish in dishes if dish not in where.values()]
    picked = rng.permutation(len(dishes))[: len(kitchen.food)]
    where |= {
        food: dishes[int(i)] for food, i in zip(kitchen.food, picked, strict=True)
    }
    lit = {
        button
        for button, burner in zip(kitchen.buttons, kitchen.burners, strict=True)
        if burner in where.values() and rng.random() < 0.5
    }
    return where, frozenset(lit)

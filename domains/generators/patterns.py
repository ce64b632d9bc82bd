"""Patterns: models that show a pattern, and blocks that shall repeat it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jouleplan.domains.generators.problem_text import (
    check_size,
    grouped,
    problem_text,
)

if TYPE_CHECKING:
    import numpy as np

COLORS: Final = ("red", "green", "blue")
CELLS: Final = 6
STOCK_PLACES: Final = 9
SPARE: Final = 2
"""At most so many blocks that the pattern does not need."""


def generate_patterns(n: int, rng: np.random.Generator) -> str:
    """Return a problem of ``n`` models, each on one of six cells, to be repeated.

    There is a block like each model and up to two more. Some blocks, each as likely as
    not but at most two, lie on cells where they must not stay; the others in the stock.
    Goal: every cell that copies a model is filled, which only a like block can do, and
    no block is where it lay wrongly.

    Args:
        n: Number of models, 1 to 6.
        rng: Source of randomness.

    Raises:
        ProblemSizeError: ``n`` is out of range.
    """
    check_size("patterns", n, 1, "models", CELLS)
    used = sorted(rng.permutation(CELLS)[:n].tolist())
    colors = {cell: COLORS[i] for cell, i in zip(used, _colors(n, rng), strict=True)}
    models = {cell: f"{color}-m{cell + 1}" for cell, color in colors.items()}
    extra = [COLORS[i] for i in _colors(int(rng.integers(SPARE + 1)), rng)]
    blocks: dict[str, str] = {}
    for color in (*colors.values(), *extra):
        blocks[f"{color}{1 + sum(c == color for c in blocks.values())}"] = color
    wrong: dict[int, str] = {}
    for block in [str(b) for b in rng.permutation(list(blocks))[:SPARE]]:
        cells = [
            c for c in range(CELLS) if c not in wrong and colors.get(c) != blocks[block]
        ]
        if cells and rng.random() < 0.5:
            wrong[int(rng.choice(cells))] = block
    init = [f"(on {model} s{cell + 1})" for cell, model in models.items()]
    for cell, block in sorted(wrong.items()):
        init += [f"(on {block} c{cell + 1})", f"(filled c{cell + 1})"]
    init += [f"(on {b} stock)" for b in blocks if b not in wrong.values()]
    static = [f"(copies c{i + 1} s{i + 1})" for i in range(CELLS)]
    static += [
        f"(alike {block} {model})"
        for block, color in blocks.items()
        for cell, model in models.items()
        if colors[cell] == color
    ]
    goal = [f"(filled c{cell + 1})" for cell in used]
    goal += [f"(not (on {block} c{cell + 1}))" for cell, block in sorted(wrong.items())]
    members = [(block, "block") for block in blocks]
    members += [(model, "model") for model in models.values()]
    members += [(f"c{i + 1}", "cell") for i in range(CELLS)]
    members += [(f"s{i + 1}", "shown") for i in range(CELLS)]
    members.append(("stock", "stock"))
    return problem_text(
        "patterns",
        f"patterns-{n}",
        grouped(members),
        [*init, "(hand-empty)", *static],
        goal,
    )


def _colors(n: int, rng: np.random.Generator) -> list[int]:
    return [int(i) for i in rng.integers(len(COLORS), size=n)]

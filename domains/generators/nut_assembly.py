"""New problems of nut-assembly as PDDL text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jouleplan.domains.errors import ProblemSizeError

if TYPE_CHECKING:
    import numpy as np

POSTS: Final = ("post1", "post2", "post3")
TABLE_PLACES: Final = 4
"""Beside three posts no more nuts lie on the table."""
MOST_NUTS: Final = 5
"""With more, there may be no room to put one aside."""

Where = dict[str, str | None]
"""Nut -> the post it lies round, or None for the table."""


def generate_nut_assembly(n: int, rng: np.random.Generator) -> str:
    """Return a problem of ``n`` nuts and three posts, each wide or narrow.

    Nut after nut, in random order, lies round one of the free posts that it goes over
    or on the table, all equally likely; in the goal it is round such a post wherever
    there is one. Start and goal differ, and the table has room for all.

    Args:
        n: Number of nuts, from 1 to 5.
        rng: Source of randomness.

    Raises:
        ProblemSizeError: ``n`` is out of this range.
    """
    if not 1 <= n <= MOST_NUTS:
        raise ProblemSizeError(
            f"a nut-assembly problem of {n} nuts cannot be made; give 1 or more, at "
            f"most {MOST_NUTS}"
        )
    while True:
        nuts = {f"n{i}": bool(rng.random() < 0.5) for i in range(1, n + 1)}
        # the first post is thin: every nut goes over one
        posts = {post: post != POSTS[0] and bool(rng.random() < 0.5) for post in POSTS}
        fits = [
            (nut, post) for nut in nuts for post in posts if nuts[nut] >= posts[post]
        ]
        start = _arranged(list(nuts), fits, rng, table=True)
        goal = _arranged(list(nuts), fits, rng, table=False)
        if start != goal and _roomy(start):
            return _text(n, nuts, posts, fits, start, goal)


def _arranged(
    nuts: list[str], fits: list[tuple[str, str]], rng: np.random.Generator, table: bool
) -> Where:
    """Return a random arrangement; on the table lies what has no post, or also others.

    Args:
        nuts: All nuts.
        fits: The pairs (nut, post) that go together.
        rng: Source of randomness.
        table: Whether the table is a choice like each post.
    """
    where: Where = dict.fromkeys(nuts)
    for i in rng.permutation(len(nuts)):
        free: list[str | None] = [
            post for nut, post in fits if nut == nuts[i] and post not in where.values()
        ]
        if table or not free:
            free.append(None)
        where[nuts[i]] = free[int(rng.integers(len(free)))]
    return where


def _roomy(where: Where) -> bool:
    """Return whether all have a place, and whichever is taken off can be put aside."""
    spare = TABLE_PLACES - list(where.values()).count(None)
    return spare > 0 or len(where) <= TABLE_PLACES


def _text(
    n: int,
    wide: dict[str, bool],
    thick: dict[str, bool],
    fits: list[tuple[str, str]],
    start: Where,
    goal: Where,
) -> str:
    """Return the problem's PDDL text."""
    kinds = [
        (name, "wide-nut" if is_wide else "narrow-nut")
        for name, is_wide in wide.items()
    ] + [
        (name, "thick-post" if is_thick else "thin-post")
        for name, is_thick in thick.items()
    ]
    free = [f"(free {post})" for post in thick if post not in start.values()]
    init = [*_atoms(start), *free, "(hand-empty)"]
    init += [f"(fits {nut} {post})" for nut, post in fits]
    return "\n".join(
        [
            f"(define (problem nut-assembly-{n})",
            "  (:domain nut-assembly)",
            f"  (:objects {' '.join(f'{name} - {kind}' for name, kind in kinds)})",
            "  (:init",
            *(f"    {atom}" for atom in init),
            "  )",
            "  (:goal (and",
            *(f"    {atom}" for atom in _atoms(goal)),
            "  )))",
            "",
        ]
    )


def _atoms(where: Where) -> list[str]:
    """Return where each nut lies."""
    return [
        f"(on-table {nut})" if post is None else f"(around {nut} {post})"
        for nut, post in where.items()
    ]

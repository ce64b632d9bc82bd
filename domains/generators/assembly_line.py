"""Assembly line: parts in a queue, some defective, to be sorted into bins."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from jouleplan.domains.generators.problem_text import (
    check_size,
    grouped,
    problem_text,
)

if TYPE_CHECKING:
    import numpy as np

KINDS: Final = ("gear", "bolt")
BINS: Final = ("gears", "bolts", "rejects")
BIN_PLACES: Final = 6
DEFECTIVE: Final = 0.25
MOST: Final = 8


def generate_assembly_line(n: int, rng: np.random.Generator) -> str:
    """Return a problem of ``n`` parts that wait in a line, to be sorted into bins.

    Each is a gear or a bolt, as likely as not, and one of four is defective.

    Args:
        n: Number of parts and stations, 1 to 8.
        rng: Source of randomness.

    Raises:
        ProblemSizeError: ``n`` is out of range.
    """
    check_size("assembly-line", n, 1, "parts", MOST)
    room = dict.fromkeys(BINS, BIN_PLACES)
    parts: list[tuple[str, str]] = []
    bins: dict[str, str] = {}
    for _ in range(n):
        choices = [
            (kind, bad, "rejects" if bad else f"{kind}s")
            for kind in KINDS
            for bad in (False, True)
        ]
        weights = [
            (DEFECTIVE if bad else 1 - DEFECTIVE) * (room[where] > 0)
            for _, bad, where in choices
        ]
        at = rng.choice(len(choices), p=[w / sum(weights) for w in weights])
        kind, bad, where = choices[int(at)]
        number = 1 + sum(k == kind for _, k in parts)
        parts.append((f"{kind}{number}{'-bad' if bad else ''}", kind))
        bins[parts[-1][0]] = where
        room[where] -= 1
    stations = [f"s{i}" for i in range(1, n + 1)]
    init = [f"(on {p} {s})" for (p, _), s in zip(parts, stations, strict=True)]
    static = ["(first s1)", "(reject rejects)"]
    static += [f"(behind {s} {front})" for front, s in pairwise(stations)]
    static += [f"(takes {kind}s {part})" for part, kind in parts]
    static += [
        f"(defective {part})" for part, where in bins.items() if where == BINS[2]
    ]
    members = [*parts, *((s, "station") for s in stations), *((b, "bin") for b in BINS)]
    return problem_text(
        "assembly-line",
        f"assembly-line-{n}",
        grouped(members),
        [*init, "(hand-empty)", *static],
        [f"(in {part} {where})" for part, where in bins.items()],
    )

"""Sorting: things of three types, on the table and in wrong zones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jouleplan.domains.generators.problem_text import (
    check_size,
    grouped,
    problem_text,
)

if TYPE_CHECKING:
    import numpy as np

KINDS: Final = ("cube", "bar", "tile")
ZONES: Final = ("left", "middle", "right")
MOST: Final = 12
ZONE_PLACES: Final = 6
TABLE_PLACES: Final = 9
"""Before three zones no more things lie on the table."""


def generate_sorting(n: int, rng: np.random.Generator) -> str:
    """Return a problem of ``n`` things to be sorted into three zones by type.

    The seed says which zone is for which type. Thing after thing is of any type and
    lies on the table, as likely as not, or in a zone for another type; a zone has
    places for all that lie there at first and all that belong there.

    Args:
        n: Number of things, 1 to 12.
        rng: Source of randomness.

    Raises:
        ProblemSizeError: ``n`` is out of range.
    """
    check_size("sorting", n, 1, "things", MOST)
    kinds = [KINDS[i] for i in rng.permutation(len(KINDS))]
    zone_of = dict(zip(kinds, ZONES, strict=True))
    room, table = dict.fromkeys(ZONES, ZONE_PLACES), TABLE_PLACES
    things: list[tuple[str, str]] = []
    init: list[str] = []
    for _ in range(n):
        kind = str(rng.choice([k for k in KINDS if room[zone_of[k]] > 0]))
        name = f"{kind}{1 + sum(k == kind for _, k in things)}"
        things.append((name, kind))
        room[zone_of[kind]] -= 1
    for name, kind in things:
        wrong = [z for z in ZONES if z != zone_of[kind] and room[z] > 0]
        if table > 0 and (not wrong or rng.random() < 0.5):
            table -= 1
            init.append(f"(on-table {name})")
        else:
            zone = str(rng.choice(wrong))
            room[zone] -= 1
            init.append(f"(in {name} {zone})")
    belongs = [f"(belongs {name} {zone_of[kind]})" for name, kind in things]
    return problem_text(
        "sorting",
        f"sorting-{n}",
        f"{grouped(things)} {' '.join(ZONES)} - zone",
        [*init, "(hand-empty)", *belongs],
        [f"(in {name} {zone_of[kind]})" for name, kind in things],
    )

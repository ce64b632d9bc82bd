"""Limits: what the arm can take, carry and reach, and what of a scene is beyond it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final, Literal

from jouleplan.domains.body import Body
from jouleplan.domains.facts import TABLE, Facts

SLACK: Final = 1e-6
"""Micrometres and milligrams that sums of decimals are off by."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an arm with its skills can do.

    Attributes:
        opening_m: How far the fingers open [m].
        width_m: Widest body that is taken [m], the narrower way round.
        mass_kg: Heaviest body that is carried [kg].
        heights_m: Lowest and highest body that the fingers find hold on [m].
        slenderness: Most height over width of a body that is still standing when the
            hand has let go of it.
        top_m: Highest that a tower may become [m]: above it nothing can be carried.
        reach_m: Least and most horizontal distance from the base, at any height in use,
            of a body's centre [m].
    """

    opening_m: float
    width_m: float
    mass_kg: float
    heights_m: tuple[float, float]
    slenderness: float
    top_m: float
    reach_m: tuple[float, float]


PANDA: Final = Limits(
    opening_m=0.080,
    width_m=0.070,
    mass_kg=0.5,
    heights_m=(0.010, 0.080),
    slenderness=1.5,
    top_m=0.43,
    reach_m=(0.30, 0.72),
)
"""The Panda with the shipped policies, by `tests/benchmarks/measure_limits.py`.

Of 50 boxes alone on the table all were picked and placed up to 0.6 kg, 46 of 0.75 kg,
30 of 1 kg, none of 1.5 kg; all up to 0.074 m wide, 31 of 0.076 m; all from 0.008 m to
0.085 m high, 47 of 0.006 m; all up to twice as high as wide, 48 of 2.5 times. Of 20
each all at 0.30 to 0.78 m from the base, 7 at 0.26 m; a tower narrows it to 0.72 m by
the arm's kinematics. On a support that they overhang 97 of 100 were let go rightly at
0.070 m wide, 98 at 0.066 m, 86 at 0.074 m.
"""

Property = Literal["width", "mass", "height", "slenderness", "distance", "tower"]


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit of the arm that an object is beyond.

    Attributes:
        object: Name of the object.
        property: What of it.
        measured: Its value, in ``unit``.
        limit: The value that it must keep to, in ``unit``.
        unit: "m", "kg", or "" for a ratio.
        reason: The two of them in a sentence that names the object.
        remedy: What to do.
    """

    object: str
    property: Property
    measured: float
    limit: float
    unit: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        """Return the reason and the remedy."""
        return f"{self.reason}: {self.remedy}"

    def as_dict(self) -> dict[str, str | float]:
        """Return the breach as plain values, for JSON."""
        return asdict(self) | {"measured": round(self.measured, 6)}


def untakeable(bodies: Iterable[Body], limits: Limits) -> tuple[Breach, ...]:
    """Return why movable bodies cannot be picked and placed; empty where all can."""
    return tuple(b for body in bodies if body.movable for b in _of(body, limits))


def _of(body: Body, limits: Limits) -> Iterator[Breach]:
    """Yield every limit that a body is beyond."""
    name, width, height = body.name, body.width, body.height
    change = "change its size in domain.toml, or leave it where it stands"
    if width > limits.width_m + SLACK:
        yield Breach(
            name,
            "width",
            width,
            limits.width_m,
            "m",
            f"{name!r} is {width:.3f} m wide; the gripper takes up to "
            f"{limits.width_m:.3f} m (it opens {limits.opening_m:.3f} m)",
            change,
        )
    if body.mass > limits.mass_kg + SLACK:
        yield Breach(
            name,
            "mass",
            body.mass,
            limits.mass_kg,
            "kg",
            f"{name!r} weighs {body.mass:g} kg; the hand holds up to "
            f"{limits.mass_kg:g} kg on the way",
            "give it a smaller mass in domain.toml, or leave it where it stands",
        )
    low, high = limits.heights_m
    if not low - SLACK <= height <= high + SLACK:
        yield Breach(
            name,
            "height",
            height,
            low if height < low else high,
            "m",
            f"{name!r} is {height:.3f} m high; the fingers find hold from {low:.3f} to "
            f"{high:.3f} m",
            change,
        )
    if height > limits.slenderness * width + SLACK:
        yield Breach(
            name,
            "slenderness",
            height / width,
            limits.slenderness,
            "",
            f"{name!r} is {height:.3f} m high and {width:.3f} m wide; the hand leaves "
            f"standing what is up to {limits.slenderness:g} times as high as wide",
            change,
        )


def unreachable(
    positions: Mapping[str, tuple[float, float]], limits: Limits
) -> tuple[Breach, ...]:
    """Return which bodies stand where the hand does not come down.

    Args:
        positions: Body -> (x, y) of its centre from the arm's base [m].
        limits: Of the arm.
    """
    near, far = limits.reach_m
    found = []
    for name, (x, y) in positions.items():
        distance = math.hypot(x, y)
        if near - SLACK <= distance <= far + SLACK:
            continue
        found.append(
            Breach(
                name,
                "distance",
                distance,
                near if distance < near else far,
                "m",
                f"{name!r} stands {distance:.3f} m from the arm's base; the hand comes "
                f"down from {near:.2f} to {far:.2f} m",
                "lay it out elsewhere, or do without it",
            )
        )
    return tuple(found)


def too_high(facts: Facts, bodies: Mapping[str, Body], limits: Limits) -> Breach | None:
    """Return the first tower that is higher than the arm builds, by its top body.

    Args:
        facts: What rests on what; what is held or loose is in no tower.
        bodies: By name.
        limits: Of the arm.
    """
    carried = set(facts.support.values())
    for name in facts.support:
        if name in carried:
            continue
        top = top_of(name, facts, bodies)
        if top > limits.top_m + SLACK:
            return Breach(
                name,
                "tower",
                top,
                limits.top_m,
                "m",
                f"the tower up to {name!r} would be {top:.3f} m high; the arm builds "
                f"up to {limits.top_m:.3f} m",
                "use fewer or lower objects, or let the goal ask for lower towers",
            )
    return None


def top_of(name: str, facts: Facts, bodies: Mapping[str, Body]) -> float:
    """Return how high the top of a body is [m], from the heights of all below it."""
    top, below = 0.0, name
    while below != TABLE:
        top += bodies[below].height
        below = facts.support.get(below, TABLE)
    return top

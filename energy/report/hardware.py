"""The box at the top: machines, sources, quality, load, versions, boundary."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jouleplan.energy.report.read import Data
from jouleplan.energy.report.text import figure, ranges

if TYPE_CHECKING:
    import pandas

COMPONENTS = {"cpu": "CPU", "ram": "memory", "gpu": "GPU", "wall": "wall plug"}
"""Component of a reading -> its name for people."""

QUALITIES = {
    "measured": "a sensor's own difference",
    "attributed": "a sensor's figure, shared out by CPU time",
    "estimated": "a model: CPU-seconds times an assumed power of one core",
    "published": "stated by others, not metered here",
    "unavailable": "nothing is known; shown as unknown, never as zero",
}
"""Quality -> what it means."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source of joules on one machine.

    Attributes:
        quality: measured, attributed, estimated, published or unavailable.
        name: The sensor, or the model with its W per core.
        episodes: Episodes that it metered.
        components: What has a figure in its joules, in words.
        missing: What has none.
    """

    quality: str
    name: str
    episodes: int
    components: list[str]
    missing: list[str]


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine of the ledger; figures of two machines are kept apart.

    Attributes:
        hardware_id: Short hash of its description.
        facts: Name -> value, in words.
        sources: Where its joules come from.
        load: Load before and after the episodes, in words.
        busy: Episodes with a load average above the number of logical CPUs.
        episodes: All its episodes.
        idle: Power of the idle machine, in words.
        runs: Its runs.
    """

    hardware_id: str
    facts: dict[str, str]
    sources: list[Source]
    load: str
    busy: int
    episodes: int
    idle: str
    runs: int


def machines(data: Data) -> list[Machine]:
    """Return the machines of a ledger."""
    found = []
    for hardware_id, runs in data.runs.groupby("hardware_id", sort=False):
        mine = data.episodes[data.episodes["hardware_id"] == hardware_id]
        described = _object(runs["hardware"].iloc[0])
        cores = described.get("logical_cpus")
        cores = cores if isinstance(cores, int) and cores > 0 else None
        load, busy = _load(mine, cores)
        found.append(
            Machine(
                str(hardware_id),
                _facts(described),
                _sources(mine),
                load,
                busy,
                len(mine),
                _idle(mine),
                len(runs),
            )
        )
    return found


def versions(data: Data) -> dict[str, str]:
    """Return package -> its version, or its versions where runs differ."""
    found: dict[str, dict[str, None]] = {}
    for text in data.runs["versions"].unique():
        for package, version in _object(text).items():
            found.setdefault(str(package), {})[str(version)] = None
    return {package: ", ".join(each) for package, each in sorted(found.items())}


def boundary() -> tuple[list[str], list[str]]:
    """Return what is in a joule of an episode, and what is not."""
    inside = [
        "Computing of the episode: planning, perception, policy, control and the "
        "physics simulation, each a phase of its own; the engine's child processes "
        "are counted.",
        "The components that the source names; one that it does not name is not in.",
        "Failed episodes: joules per success are all joules divided by successes.",
    ]
    outside = [
        "The robot's own work: it is a column of its own, never added.",
        "The idle machine, its display, network, disks and power supply, unless the "
        "source is a wall meter or a sensor that sees them.",
        "Training: in charts and columns of its own; break-even adds the two.",
        "Making the tools: compilers, pretrained weights, the report itself.",
    ]
    return inside, outside


def _facts(described: dict[str, Any]) -> dict[str, str]:
    names = {
        "cpu": "CPU",
        "logical_cpus": "logical CPUs",
        "memory_gb": "memory [GB]",
        "system": "system",
        "gpu": "GPU",
    }
    return {names.get(key, str(key)): _words(value) for key, value in described.items()}


def _words(value: object) -> str:
    if value is None or value == "":
        return "unknown"
    return value if isinstance(value, str) else json.dumps(value)


def _sources(episodes: pandas.DataFrame) -> list[Source]:
    found = []
    for (quality, name), mine in episodes.groupby(["quality", "source"]):
        here = [
            word for key, word in COMPONENTS.items() if mine[f"{key}_j"].notna().any()
        ]
        missing = [
            word
            for key, word in COMPONENTS.items()
            if word not in here and key != "wall" and "wall plug" not in here
        ]
        found.append(Source(str(quality), str(name), len(mine), here, missing))
    return found


def _load(episodes: pandas.DataFrame, cores: int | None) -> tuple[str, int]:
    both = episodes[["load_before", "load_after"]]
    if both.notna().sum().sum() == 0:
        return "unknown", 0
    before, after = both["load_before"].median(), both["load_after"].median()
    most = both.max().max()
    words = (
        f"median {figure(before)} before, {figure(after)} after, most {figure(most)}"
    )
    if cores is None:
        return words + "; number of CPUs unknown", 0
    busy = int((both.max(axis=1) > cores).sum())
    return f"{words}, on {cores} logical CPUs", busy


def _idle(episodes: pandas.DataFrame) -> str:
    known = episodes[episodes["idle_j"].notna() & (episodes["wall_s"] > 0)]
    if known.empty:
        return "unknown: run `jouleplan doctor --idle 60` first"
    power_w = (known["idle_j"] / known["wall_s"]).median()
    some = (
        ""
        if len(known) == len(episodes)
        else f" (known of {len(known)} of {len(episodes)} episodes)"
    )
    return f"{figure(power_w)} W{some}"


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {"as recorded": text}
    return found if isinstance(found, dict) else {"as recorded": found}


def seeds_words(seeds: list[int]) -> str:
    """Return seeds as ranges."""
    return ("seed " if len(seeds) == 1 else "seeds ") + ranges(seeds)

"""The idle baseline: what this machine uses while it does nothing, kept for later runs.

"Above idle" is gross joules less :func:`idle_joules`. A sensor's baseline is never held
against a model's joules, nor the other way round.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from jouleplan.energy.errors import IdleError, SensorError
from jouleplan.energy.hardware import hardware, hardware_id
from jouleplan.energy.reading import Reading
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.energy.sources.sensor import LaggingSensor, Sensor

IDLE_SHARE = 0.21
"""Power of an idle logical CPU over that of a busy one, for the model: 0.74 W of 3.5 W.

Source: Cloud Carbon Footprint, methodology, appendix I (mean minimum and maximum watts
per virtual CPU of AWS, from SPECpower).
"""

BUSY_ABOVE = 0.05
"""Share of the machine's CPU time above which it was not idle."""


@dataclass(frozen=True, slots=True)
class IdleBaseline:
    """What an idle machine uses.

    Attributes:
        power_w: Mean power [W].
        quality: "measured" by a sensor, or "estimated" by the model.
        source: What it rests on.
        hardware_id: Of the machine.
        seconds: How long was looked [s].
        busy: Share of the machine's CPU time that other programs took meanwhile.
        created: ISO 8601, UTC.
    """

    power_w: float
    quality: str
    source: str
    hardware_id: str
    seconds: float
    busy: float
    created: str


def measure_idle(seconds: float, source: CpuTimeModel | Sensor) -> IdleBaseline:
    """Do nothing for ``seconds`` and return what the machine used.

    Args:
        seconds: How long to look [s].
        source: A sensor is read; with the model, the power is that of idle CPUs.

    Raises:
        SensorError: The sensor does not answer.
    """
    counters = None if isinstance(source, CpuTimeModel) else source.read(wait=True)
    began, before = time.perf_counter(), _cpu_ticks()
    time.sleep(seconds)
    busy = _busy_share(before, _cpu_ticks())
    if isinstance(source, CpuTimeModel):
        cores = os.cpu_count() or 1
        power_w = source.watts_per_core * cores * IDLE_SHARE
        quality = "estimated"
        name = f"{source.name}; an idle CPU takes {IDLE_SHARE:.0%} of a busy one"
    else:
        after = source.read(wait=True)
        elapsed = time.perf_counter() - began
        if counters is None or after is None:
            raise SensorError(f"{source.name} did not answer while idle: try again")
        if isinstance(source, LaggingSensor):
            spent = source.between(counters, after)
        else:
            spent = {c: after[c] - counters[c] for c in counters}
        power_w = sum(spent.values()) / elapsed
        quality, name = "measured", source.name
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return IdleBaseline(
        power_w, quality, name, hardware_id(hardware()), seconds, busy, created
    )


def state_file() -> Path:
    """Return where baselines are kept: in ``$XDG_STATE_HOME``, else ~/.local/state."""
    home = os.environ.get("XDG_STATE_HOME", "")
    folder = Path(home) if Path(home).is_absolute() else Path.home() / ".local/state"
    return folder / "jouleplan" / "idle.json"


def store(baseline: IdleBaseline) -> Path:
    """Keep ``baseline`` instead of an earlier one of the machine; return the file.

    Raises:
        IdleError: The file holds something else.
    """
    path = state_file()
    key = (baseline.hardware_id, baseline.quality)
    kept = [b for b in stored() if (b.hardware_id, b.quality) != key]
    document = {"version": 1, "baselines": [asdict(b) for b in (*kept, baseline)]}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")
    partial.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    partial.replace(path)
    return path


def stored() -> tuple[IdleBaseline, ...]:
    """Return the baselines that are kept, of all machines that share the folder.

    Raises:
        IdleError: The file cannot be read.
    """
    path = state_file()
    if not path.is_file():
        return ()
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["version"] != 1:
            raise ValueError(f"version {document['version']!r} is not 1")
        return tuple(IdleBaseline(**one) for one in document["baselines"])
    except (ValueError, KeyError, TypeError) as error:
        raise IdleError(
            f"{path} holds no idle baselines ({error}): remove it and run "
            "`jouleplan doctor --idle 60`"
        ) from error


def idle_joules(reading: Reading) -> float | None:
    """Return what this machine, idle, would have used over the time of ``reading``.

    Returns:
        Energy [J]; None where no baseline of this machine and kind of source is kept.

    Raises:
        IdleError: The file of baselines cannot be read.
    """
    modelled = reading.quality == "estimated"
    known = stored()
    if not known or reading.energy_j is None:
        return None
    here = hardware_id(hardware())
    for baseline in known:
        same_kind = modelled == (baseline.quality == "estimated")
        if baseline.hardware_id == here and same_kind:
            return baseline.power_w * reading.wall_s
    return None


def _cpu_ticks() -> tuple[int, int]:
    """Return (busy, all) ticks of the machine's CPUs since its start."""
    try:
        text = Path("/proc/stat").read_text(encoding="ascii")
    except OSError:
        return 0, 0
    fields = [int(word) for word in text.splitlines()[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return sum(fields) - idle, sum(fields)


def _busy_share(before: tuple[int, int], after: tuple[int, int]) -> float:
    ticks = after[1] - before[1]
    return (after[0] - before[0]) / ticks if ticks > 0 else 0.0

"""Episodes from a pandas frame, for charts in a notebook."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from jouleplan.energy.errors import ReportError
from jouleplan.energy.report.read import Data, is_number

if TYPE_CHECKING:
    import pandas

NEEDED = (
    "domain",
    "problem",
    "method",
    "seed",
    "success",
    "energy_j",
    "cpu_s",
    "quality",
    "source",
)
"""Columns that a frame of episodes has to have."""

_ASSUMED = {
    "run_id": "frame",
    "settings": "{}",
    "cause": "",
    "horizon": 0,
    "hardware_id": "unknown",
}
_UNKNOWN = (
    "progress",
    "mechanical_work_j",
    "simulated_s",
    "wall_s",
    "idle_j",
    "load_before",
    "load_after",
    "flops",
    "control_steps",
)
_PARTS = ("cpu", "ram", "gpu", "wall")
_NONE = {
    "phases": (
        "domain hardware_id quality source method settings problem phase "
        "phase_quality phase_source energy_j unknown"
    ),
    "methods": "run_id method label description training",
    "trainings": "run_id",
    "pictures": "domain method png",
}


def of_frame(episodes: pandas.DataFrame) -> Data:
    """Return the records of a frame, such as ``Ledger.frame("episodes")``.

    Args:
        episodes: One row an episode, with the columns :data:`NEEDED`; others of a
            ledger's are taken where they are there, and unknown where they are not.

    Raises:
        ReportError: A column that is needed is missing, or there is no row.
    """
    import pandas

    missing = [name for name in NEEDED if name not in episodes.columns]
    if missing or episodes.empty:
        lack = f"without {', '.join(missing)}" if missing else "without a row"
        raise ReportError(
            f"a frame {lack}: give one row an episode with the columns "
            f"{', '.join(NEEDED)}, such as Ledger.frame('episodes')"
        )
    frame = episodes.reset_index(drop=True)
    frame["id"] = range(1, len(frame) + 1)
    for name in (*_UNKNOWN, *_ASSUMED):
        if name not in frame.columns:
            frame[name] = _ASSUMED.get(name, math.nan)
    if "components" in frame.columns:
        parts = [json.loads(text) for text in frame["components"]]
    else:
        parts = [{}] * len(frame)
    for name in _PARTS:
        frame[f"{name}_j"] = [part.get(name) for part in parts]
    for name in filter(is_number, list(frame.columns)):
        frame[name] = pandas.to_numeric(frame[name]).astype(float)
    runs = frame[["run_id", "hardware_id"]].drop_duplicates("run_id")
    runs = runs.rename(columns={"run_id": "id"}).assign(
        command="unknown: made from a frame",
        created="unknown",
        hardware="{}",
        versions="{}",
    )
    none = {
        name: pandas.DataFrame(columns=columns.split())
        for name, columns in _NONE.items()
    }
    return Data("a frame of episodes", frame, runs=runs, **none)

"""Frames: a ledger's episodes, ready to be compared, as pandas tables."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.records import EpisodeKey

if TYPE_CHECKING:
    import pandas

SCENE = ("domain", "problem", "seed")
"""Columns that say which scene an episode was of."""


@dataclass(frozen=True, slots=True)
class CompareFrames:
    """What a ledger says of methods.

    Attributes:
        episodes: One row an episode: the ledger's columns, and of its run
            ``hardware_id``, ``command``, ``created``, ``cpus`` (logical ones), and of
            its method ``label``.
        phases: The ledger's phases of these episodes.
        methods: One row a method, the latest: method, label, description, training
            (JSON), run_id.
        superseded: Episodes left out because the same method was run again on the same
            scene, with other settings: the last one counts.
    """

    episodes: pandas.DataFrame
    phases: pandas.DataFrame
    methods: pandas.DataFrame
    superseded: int


def compare_frames(
    ledger: Ledger,
    keys: Collection[EpisodeKey] | None = None,
    seeds: Collection[int] | None = None,
) -> CompareFrames:
    """Return the ledger's episodes, methods and phases for a comparison.

    Args:
        ledger: An open ledger.
        keys: Of the episodes that count; None takes all.
        seeds: Of the episodes that count; None takes all.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    import numpy as np

    runs, episodes = ledger.frame("runs"), ledger.frame("episodes")
    methods = ledger.frame("methods")
    if keys is not None:
        wanted = {(k.domain, k.problem, k.method, k.settings) for k in keys}
        columns = ["domain", "problem", "method", "settings"]
        theirs = zip(*(episodes[c] for c in columns), strict=True)
        # an array: a list that is empty would be taken for names of columns
        episodes = episodes[np.array([row in wanted for row in theirs], dtype=bool)]
    if seeds is not None:
        episodes = episodes[episodes["seed"].isin(list(seeds))]
    runs = runs.rename(columns={"id": "run_id"})
    runs["cpus"] = [int(json.loads(h).get("logical_cpus") or 0) for h in runs.hardware]
    columns = ["run_id", "hardware_id", "command", "created", "cpus"]
    episodes = episodes.merge(runs[columns], on="run_id", how="left")
    before = len(episodes)
    episodes = episodes.sort_values("id").drop_duplicates(
        [*SCENE, "method"], keep="last"
    )
    methods = (
        methods.merge(runs[["run_id", "created"]], on="run_id", how="left")
        .sort_values("created", kind="stable")
        .drop_duplicates("method", keep="last")
    )
    labels = dict(zip(methods["method"], methods["label"], strict=True))
    episodes["label"] = [labels.get(m, m) for m in episodes["method"]]
    phases = ledger.frame("phases")
    phases = phases[phases["episode"].isin(episodes["id"])]
    return CompareFrames(
        episodes.reset_index(drop=True),
        phases.reset_index(drop=True),
        methods.reset_index(drop=True),
        before - len(episodes),
    )

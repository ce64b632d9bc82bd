"""Labels: a method and those of its settings that differ, as a report names them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jouleplan.energy.report.read import Data

if TYPE_CHECKING:
    import pandas

_TASK = ["domain", "problem"]


def labelled(
    frame: pandas.DataFrame, labels: Mapping[tuple[str, str], str]
) -> pandas.DataFrame:
    """Return the frame with a column ``label``."""
    keys = frame[["method", "settings"]].drop_duplicates().copy()
    keys["label"] = [
        labels[pair] for pair in zip(keys["method"], keys["settings"], strict=True)
    ]
    return frame.merge(keys, on=["method", "settings"], how="left")


def labels_of(data: Data) -> tuple[dict[tuple[str, str], str], dict[str, int]]:
    """Return (method, settings) -> label, and label -> its place in the report."""
    named = {row.method: str(row.label) for row in data.methods.itertuples()}
    columns = [*_TASK, "method", "settings"]
    groups = data.episodes[columns].drop_duplicates()
    labels: dict[tuple[str, str], str] = {}
    for method, mine in groups.groupby("method", sort=False):
        label = named.get(method) or str(method)
        varying = _varying(mine)
        for text in mine["settings"].unique():
            given = _settings(text)
            # an episode may be older than a setting that later ones have
            said = ", ".join(
                f"{key}={json.dumps(given[key])}".replace('"', "")
                if key in given
                else f"no {key} recorded"
                for key in varying
            )
            labels[str(method), text] = f"{label} ({said})" if said else label
    # Two methods may have been given one label.
    methods: dict[str, set[str]] = {}
    for (method, _), label in labels.items():
        methods.setdefault(label, set()).add(method)
    labels = {
        (method, text): f"{label} [{method}]" if len(methods[label]) > 1 else label
        for (method, text), label in labels.items()
    }
    order = list(dict.fromkeys(labels.values()))
    return labels, {label: place for place, label in enumerate(order)}


def _varying(groups: pandas.DataFrame) -> list[str]:
    """Return the settings that differ within a domain, those of a task by problem."""
    found: dict[str, None] = {}
    for columns, left_out in (("domain", {"meter", "files"}), (_TASK, {"meter"})):
        for _, mine in groups.groupby(columns):
            given = [_settings(text) for text in mine["settings"].unique()]
            for key in dict.fromkeys(key for one in given for key in one):
                values = {json.dumps(one.get(key)) for one in given}
                if key not in left_out and len(values) > 1:
                    found[key] = None
    return list(found)


def _settings(text: str) -> dict[str, Any]:
    """Return settings by name; those inside one, such as a method's, by theirs."""
    try:
        given = json.loads(text)
    except ValueError:
        return {"settings": text}
    if not isinstance(given, dict):
        return {"settings": given}
    found: dict[str, Any] = {}
    for key, value in given.items():
        found |= value if isinstance(value, dict) else {key: value}
    return found

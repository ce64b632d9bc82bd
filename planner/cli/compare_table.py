"""The summary of a comparison for people, from its document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jouleplan.planner.cli.output import table

HEAD = (
    "method",
    "domain",
    "n",
    "success (Wilson 95 %)",
    "J an episode",
    "J a success (95 %)",
    "energy",
    "training J",
    "progress",
    "s",
)
"""Heads of the columns of :func:`rows_of`."""


def text_of(document: dict[str, Any]) -> str:
    """Return the summary: one row a method, domain and quality of energy."""
    rows = rows_of(document)
    lines = [table(HEAD, rows)] if rows else ["nothing was compared"]
    for domain in document["domains"]:
        lines += ["", *_of_domain(domain)]
    lines += ["", *(f"note: {text}" for text in document["notes"])]
    load = document["load_average"]
    high = ", more than this machine has CPUs" if load["high"] else ""
    lines.append(
        f"{document['episodes_run']} episodes run, {document['episodes_from_ledger']} "
        f"from the ledger; load average {load['before'][0]} before, "
        f"{load['after'][0]} after{high}"
    )
    return "\n".join(lines)


def rows_of(document: dict[str, Any]) -> list[list[str]]:
    """Return one row a method, domain and quality of energy."""
    return [row for one in document["summaries"] for row in _rows(one, document)]


def _rows(one: dict[str, Any], document: dict[str, Any]) -> Iterator[list[str]]:
    success = one["success"]
    rate = (
        f"{one['successes']}/{one['judged']} ({_percent(success['low'])} to "
        f"{_percent(success['high'])} %)"
        if one["judged"]
        else "unknown"
    )
    trained = {
        t["quality"]: t["energy_j"]
        for t in document["trainings"]
        if t["method"] == one["method"]
    }
    for energy in one["energies"] or [None]:
        quality = "unavailable" if energy is None else energy["quality"]
        each = "-" if energy is None else _interval(energy["per_episode"])
        per_success = "-" if energy is None else _interval(energy["per_success"])
        yield [
            one["method"],
            one["domain"],
            str(one["n"]),
            rate,
            each,
            per_success,
            quality,
            _training(trained, quality),
            _percent(one["progress"]["value"]) + " %",
            _number(one["wall_s"]["value"]),
        ]


def _training(trained: dict[str, float | None], quality: str) -> str:
    """Return the training's joules; of another quality, apart from the episodes'."""
    if not trained:
        return "0"
    parts = []
    for of, joules in trained.items():
        figure = _number(joules)
        parts.append(figure if of == quality else f"{figure} {of}")
    return " + ".join(parts)


def _of_domain(domain: dict[str, Any]) -> Iterator[str]:
    for pair in domain["pairs"]:
        yield (
            f"{domain['domain']}: {pair['a']} against {pair['b']} on {pair['n']} "
            f"scenes: both {pair['both']}, only the first {pair['only_a']}, only the "
            f"second {pair['only_b']}, McNemar p {_p(pair['mcnemar_p_holm'])}; "
            f"difference {_interval(pair['joules_difference'])} J, Wilcoxon p "
            f"{_p(pair['wilcoxon_p_holm'])}, rank-biserial "
            f"{_number(pair['rank_biserial'])} (p by Holm)"
        )
    for even in domain["break_evens"]:
        yield f"{domain['domain']}: {_even(even)}"


def _even(even: dict[str, Any]) -> str:
    a, b = even["a"], even["b"]
    if even["kind"] in ("from", "until"):
        word = "repays its training against" if even["kind"] == "from" else "is below"
        end = "no bound" if even["unbounded"] else _number(even["high"])
        return (
            f"{a} {word} {b} {even['kind']} {_number(even['successes'])} successes on "
            f"(95 %: {_number(even['low'])} to {end})"
            if even["kind"] == "from"
            else f"{a} {word} {b} up to {_number(even['successes'])} successes "
            f"(95 %: {_number(even['low'])} to {end})"
        )
    return {
        "dominates": f"{a} dominates {b}: fewer joules from the first success on",
        "never": f"{b} dominates {a}: fewer joules from the first success on",
        "equal": f"{a} and {b} cost the same",
        "unknown": f"no break-even of {a} and {b}: neither had a success",
    }[even["kind"]]


def _interval(estimate: dict[str, Any]) -> str:
    value = _number(estimate["value"])
    if estimate["low"] is None or estimate["value"] is None:
        return value
    end = "no bound" if estimate["unbounded"] else _number(estimate["high"])
    return f"{value} ({_number(estimate['low'])} to {end})"


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{100 * rate:.1f}"


def _p(value: float | None) -> str:
    return "-" if value is None else f"{value:.2g}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"

"""Files of transitions: read as written, and every fault named with its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jouleplan.domains.learning.errors import TransitionsError
from jouleplan.domains.learning.read import read_transitions
from jouleplan.domains.learning.write import signature_line, transition_line
from jouleplan.energy.ledger import Ledger
from tests.domains.learning.walks import shipped_tasks, walk

NAMES: dict[str, Any] = {
    "types": {"disk": "place", "peg": "place"},
    "predicates": {"on": ["disk", "place"], "clear": ["place"], "idle": []},
    "operators": {"pick": {"?d": "disk", "?p": "place"}},
    "objects": {"d1": "disk", "peg1": "peg"},
    "static": [["clear", "peg1"]],
}
PICK: dict[str, Any] = {
    "before": [["on", "d1", "peg1"]],
    "operator": ["pick", "d1", "peg1"],
    "after": [],
}
NAMES["types"]["place"] = "object"


def file_of(folder: Path, *lines: object) -> Path:
    file = folder / "transitions.jsonl"
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    file.write_text("\n".join(texts))
    return file


def with_names(**changed: object) -> dict[str, Any]:
    return {**NAMES, **changed}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    tasks = shipped_tasks("hanoi")
    lines, seen = [], []
    for name in ("p03", "p05"):
        task = tasks[name]
        found = list(islice(walk(task, 8, np.random.default_rng(1)), 8))
        static = {"smaller"}
        lines.append(signature_line(task.domain, task.problem, static))
        lines += [
            transition_line(t.before, t.operator, t.objects, t.after, static)
            for t in found
        ]
        seen += found
    read = read_transitions(file_of(tmp_path, *lines))
    true = tasks["p03"].domain
    assert read.signature.types == true.types
    assert read.signature.predicates == true.predicates
    assert [(t.operator, t.objects, t.before, t.after) for t in read.transitions] == [
        (t.operator, t.objects, t.before, t.after) for t in seen
    ]
    assert [t.line for t in read.transitions] == [*range(2, 10), *range(11, 19)]


def test_static_facts_hold_in_every_state_and_case_does_not_count(
    tmp_path: Path,
) -> None:
    upper = {**PICK, "operator": ["PICK", "D1", "Peg1"]}
    (read,) = read_transitions(file_of(tmp_path, NAMES, "", upper)).transitions
    assert read.before == {("on", "d1", "peg1"), ("clear", "peg1")}
    assert read.after == {("clear", "peg1")}
    assert (read.operator, read.objects, read.line) == ("pick", ("d1", "peg1"), 3)


FAULTS: list[tuple[str, list[object], int, str]] = [
    ("nothing", [], 0, "empty"),
    ("blank lines", ["", "  "], 0, "empty"),
    ("no JSON", [NAMES, PICK, "{before"], 3, "not JSON"),
    ("deep JSON", [NAMES, "[" * 100_000], 2, "not JSON"),
    ("no object", [NAMES, [1]], 2, "one JSON object"),
    ("no signature", [PICK], 1, "before the signature"),
    ("no objects", [{"predicates": {}, "operators": {}}], 1, "lacks objects"),
    ("key", [with_names(facts=[])], 1, "unknown key 'facts'"),
    ("version", [with_names(version=9)], 1, "version 9"),
    ("kind", [with_names(objects=["d1"])], 1, "'objects' is list, not dict"),
    ("type", [with_names(objects={"d1": "disc"})], 1, "did you mean disk"),
    ("parent", [with_names(types={"disk": "place"})], 1, "unknown type 'place'"),
    ("loop", [with_names(types={"a": "b", "b": "a"})], 1, "own parents: "),
    ("name", [with_names(domain="x) (:action")], 1, "is no name"),
    ("word", [with_names(operators={"not": []})], 1, "is no name"),
    ("variable", [with_names(operators={"o": {"d": "disk"}})], 1, "is no variable"),
    ("parameters", [with_names(predicates={"on": 2})], 1, "give parameters as"),
    ("static", [with_names(static=[["flat", "d1"]])], 1, "unknown predicate 'flat'"),
    ("keys", [NAMES, {"operator": ["pick", "d1", "peg1"]}], 2, "has the keys"),
    ("state", [NAMES, {**PICK, "before": "on"}], 2, "not a list of atoms"),
    ("atom", [NAMES, {**PICK, "after": ["on"]}], 2, "an atom is a list"),
    ("number", [NAMES, {**PICK, "after": [["on", 1, 2]]}], 2, "an atom is a list"),
    ("predicate", [NAMES, PICK, {**PICK, "after": [["om"]]}], 3, "did you mean on"),
    ("arity", [NAMES, {**PICK, "after": [["on", "d1"]]}], 2, "takes 2 objects, got 1"),
    ("object", [NAMES, {**PICK, "after": [["clear", "x"]]}], 2, "unknown object 'x'"),
    ("fit", [NAMES, {**PICK, "after": [["on", "peg1", "d1"]]}], 2, "is of type peg"),
    ("operator", [NAMES, {**PICK, "operator": ["pik"]}], 2, "did you mean pick"),
    ("objects", [NAMES, {**PICK, "operator": ["pick", "d1"]}], 2, "takes 2 objects"),
    ("types", [NAMES, {**PICK, "operator": ["pick", "peg1", "d1"]}], 2, "of type peg"),
    ("other", [NAMES, with_names(predicates={})], 2, "unknown predicate 'clear'"),
    ("domain", [NAMES, with_names(domain="other")], 2, "its name differ"),
]


@pytest.mark.parametrize(("lines", "line", "said"), [f[1:] for f in FAULTS])
def test_fault_is_named_with_its_line(
    tmp_path: Path, lines: list[object], line: int, said: str
) -> None:
    with pytest.raises(TransitionsError) as caught:
        read_transitions(file_of(tmp_path, *lines))
    assert said in caught.value.reason
    assert caught.value.line == line


def _missing(file: Path) -> None:
    file.unlink(missing_ok=True)


def _binary(file: Path) -> None:
    file.write_bytes(b"\n\xff\xfe")


def _ledger(file: Path) -> None:
    with Ledger(file):
        pass


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_missing, "cannot be read"),
        (_binary, "transitions:2: not UTF-8"),
        (_ledger, "a ledger is read by"),
    ],
)
def test_file_of_another_kind_is_refused(
    tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    file = tmp_path / "transitions"
    make(file)
    with pytest.raises(TransitionsError) as caught:
        read_transitions(file)
    assert said in str(caught.value)

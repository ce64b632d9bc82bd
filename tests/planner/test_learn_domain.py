"""`jouleplan learn-domain` as users run it, from episodes on the real simulator."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.problem_file import read_problem_model
from jouleplan.domains.learning.read import read_transitions
from jouleplan.energy.hardware import hardware, hardware_id
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.reading import Reading
from jouleplan.energy.records import Atoms, EpisodeRecord, OperatorRecord
from jouleplan.planner.cli.output import ExitCode
from jouleplan.planner.planning import plan_files
from jouleplan.planner.recorded_states import recorded_transitions
from jouleplan.planner.validator import validate
from jouleplan.skills.stages import STAGES
from tests.planner.program import jouleplan

HANOI = find_domain("hanoi")
NAMES = (
    '{"predicates": {"on": ["object"]}, "operators": {"pick": ["object"]}, '
    '"objects": {"a": "object"}}\n'
)

GAINS = '{"before": [], "operator": ["pick", "a"], "after": [["on", "a"]]}\n'
NOTHING = '{"before": [], "operator": ["pick", "a"], "after": []}\n'


@pytest.fixture(scope="module")
def sensed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The transitions of one episode of three disks."""
    file = tmp_path_factory.mktemp("sensed") / "hanoi.jsonl"
    done = jouleplan(
        *("evaluate", "hanoi", "p03", "--episodes", "1", "--seed", "1000", "--json"),
        *("--transitions", file, "--ledger", file.with_suffix(".sqlite")),
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["successes"] == 1
    return file


def test_every_operator_of_an_episode_leaves_its_sensed_states(sensed: Path) -> None:
    transitions = read_transitions(sensed).transitions
    assert len(transitions) == 14
    for one, following in pairwise(transitions):
        assert one.after == following.before
    assert {t.operator for t in transitions} == {"pick", "place"}
    first = read_problem_model(
        HANOI.problems["p03"], read_domain_model(HANOI.domain_pddl)
    )
    assert transitions[0].before == first.facts


def test_domain_learned_from_one_episode_solves_every_shipped_problem(
    sensed: Path, tmp_path: Path
) -> None:
    learned = tmp_path / "learned.pddl"
    done = jouleplan("learn-domain", sensed, "--out", learned, "--json")
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["not_identified"] == []
    assert report["operators"]["pick"]["seen"] == 7
    assert "(not (on ?d ?l))" in report["operators"]["pick"]["effects"]
    assert report["pddl"] == learned.read_text()
    true = read_domain_model(HANOI.domain_pddl)
    for file in HANOI.problems.values():
        (found, *_) = plan_files(learned, file).plans
        task = TaskModel(true, read_problem_model(file, true))
        assert validate(task, found.plan).valid


def test_transitions_of_parallel_episodes_are_one_file(tmp_path: Path) -> None:
    file = tmp_path / "both.jsonl"
    done = jouleplan(
        *("evaluate", "blocksworld", "--generate", "3", "--episodes", "2"),
        *("--seed", "1000", "--jobs", "2", "--transitions", file),
    )
    assert done.returncode == 0, done.stderr
    assert len(read_transitions(file).transitions) >= 2
    assert file.read_text().count('"predicates"') == 2


def test_ledger_holds_what_each_operator_took(sensed: Path) -> None:
    with Ledger(sensed.with_suffix(".sqlite"), read_only=True) as ledger:
        (episode,) = ledger.rows("episodes")
        operators = list(ledger.rows("operators"))
        (method,) = ledger.rows("methods")
        (run,) = ledger.rows("runs")
    assert [o["skill"] for o in operators] == ["pick", "place"] * 7
    assert json.loads(operators[0]["types"]) == ["disk", "disk"]
    assert all(o["energy_j"] > 0 and o["cpu_s"] > 0 for o in operators)
    assert sum(o["energy_j"] for o in operators) < episode["energy_j"]
    # the rest is the hand's way home before the episode is judged
    work = sum(o["mechanical_work_j"] for o in operators)
    assert 0.9 * episode["mechanical_work_j"] < work <= episode["mechanical_work_j"]
    steps = sum(o["control_steps"] for o in operators)
    assert steps <= episode["control_steps"] <= steps + 60
    assert (episode["progress"], episode["turn"], episode["horizon"]) == (1.0, 0, 0)
    assert episode["load_before"] >= 0
    assert episode["load_after"] >= 0
    shares = json.loads(method["training"])
    assert {share["skill"] for share in shares} == set(STAGES)
    assert all(share["energy_j"] > 0 for share in shares)
    assert run["hardware_id"] == hardware_id(hardware())


def test_ledger_holds_the_same_transitions_as_the_file(sensed: Path) -> None:
    from_file = read_transitions(sensed)
    from_ledger = recorded_transitions(sensed.with_suffix(".sqlite"))
    assert from_ledger == from_file


def test_domain_is_learned_from_a_ledger(sensed: Path) -> None:
    done = jouleplan("learn-domain", sensed.with_suffix(".sqlite"), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["not_identified"] == []


def test_ledger_without_states_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger(path).close()
    done = jouleplan("learn-domain", path)
    assert done.returncode == ExitCode.BAD_INPUT
    assert "no episode of this ledger holds states" in done.stderr


def test_change_between_two_operators_is_kept_apart_from_both(tmp_path: Path) -> None:
    signature = json.loads(NAMES) | {"static": []}
    reading = Reading(1.0, 1.0, 1.0, 1, "model", "estimated")
    on: Atoms = (("on", "a"),)
    operators = (
        OperatorRecord("pick(a)", "done", 1, 0, 1.0, added=on, removed=()),
        OperatorRecord("drift()", "drift: sensed", 0, 0, 0.0, added=(), removed=on),
        OperatorRecord("pick(a)", "timeout", 1, 0, 1.0, added=(), removed=()),
        OperatorRecord("pick(a)", "done", 1, 0, 1.0, added=on, removed=()),
    )
    with Ledger(tmp_path / "l.sqlite") as ledger:
        run = ledger.start_run("x", method="m", seed=0)
        record = EpisodeRecord(
            "d", "p", 1, "m", True, "", reading, None, 1.0, 0, operators
        )
        states = replace(record, init=(), signature=json.dumps(signature))
        ledger.record_episode(run, states)
    found = recorded_transitions(tmp_path / "l.sqlite").transitions
    assert [set(t.before) for t in found] == [set(), set()]
    assert [set(t.after) for t in found] == [{("on", "a")}] * 2


def test_episodes_of_the_ledger_leave_no_transitions_and_that_is_said(
    tmp_path: Path,
) -> None:
    file, ledger = tmp_path / "t.jsonl", tmp_path / "ledger.sqlite"
    again = ("evaluate", "hanoi", "p03", "--episodes", "1", "--ledger", ledger)
    assert jouleplan(*again, "--transitions", tmp_path / "1.jsonl").returncode == 0
    done = jouleplan(*again, "--transitions", file)
    assert done.returncode == 0
    assert "1 episodes were found in the ledger" in done.stderr
    assert "learn-domain` reads them from" in done.stderr
    assert file.read_text() == ""


def test_pddl_goes_to_stdout_and_the_report_to_stderr(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text(NAMES.replace('}, "obj', ', "wait": []}, "obj') + GAINS)
    done = jouleplan("learn-domain", file, "--negative")
    assert done.returncode == 0
    (tmp_path / "out.pddl").write_text(done.stdout)
    assert set(read_domain_model(tmp_path / "out.pddl").schemas) == {"pick"}
    assert "(not (on ?x1))" in done.stdout
    assert "wait: seen 0 times, not identified" in done.stderr
    assert "because never seen" in done.stderr


def test_contradiction_is_bad_input_and_names_both_lines(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text(NAMES + GAINS + NOTHING)
    done = jouleplan("learn-domain", file, "--json")
    assert done.returncode == ExitCode.BAD_INPUT
    answer = json.loads(done.stdout)
    assert answer["kind"] == "TransitionsError"
    assert "t.jsonl:2: " in answer["error"]
    assert "line 3" in answer["error"]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["learn-domain", "absent.jsonl"], "absent.jsonl: cannot be read"),
        (["learn-domain", "x", "--out", "no/such/folder.pddl"], "--out no/such"),
        (
            ["evaluate", "hanoi", "p03", "--transitions", "x", "--disturb", "0.1"],
            "--transitions with --disturb",
        ),
        (["evaluate", "hanoi", "p03", "--transitions", "."], "--transitions ."),
    ],
)
def test_bad_arguments_are_named(arguments: list[str], said: str) -> None:
    done = jouleplan(*arguments)
    assert done.returncode == ExitCode.BAD_INPUT
    assert said in done.stderr
    assert "Traceback" not in done.stderr

"""`generate` as users run it: files or stdout, JSON, nothing overwritten."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.planner.program import jouleplan


def generate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return jouleplan("generate", *arguments)


def test_one_problem_goes_to_stdout_as_pddl_alone() -> None:
    done = generate("hanoi", "--size", "3", "--seed", "7")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("; Problem 1 of jouleplan generate hanoi --size 3")
    assert "(define (problem hanoi-3-7-001)" in done.stdout
    assert "1 problem solved by fast-downward" in done.stderr


def test_files_are_written_once_and_told_in_json(tmp_path: Path) -> None:
    out = tmp_path / "made" / "here"
    given = ("blocksworld", "--size", 3, "--count", 2, "--seed", 1, "--out", out)
    done = generate(*map(str, given), "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert document["count"] == 2
    for problem in document["problems"]:
        assert Path(problem["file"]).read_text() == problem["pddl"]
    again = generate(*map(str, given))
    assert again.returncode == 2
    assert "blocksworld-3-1-001.pddl (and 1 more) exists" in again.stderr
    assert len(list(out.iterdir())) == 2


def test_a_written_problem_is_taken_by_check(tmp_path: Path) -> None:
    generate("hanoi", "--size", "4", "--out", tmp_path)
    checked = jouleplan("check", "hanoi", tmp_path / "hanoi-4-0-001.pddl")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("hanio --size 3", "did you mean hanoi"),
        ("hanoi", "--size"),
        ("hanoi --size 0", "at least 1"),
        ("hanoi --size 10", "Sizes 1 to 9 have room"),
        ("blocksworld --size 1", "give 2 or more"),
        ("hanoi --size 3 --count 2", "--out"),
        (f"hanoi --size 3 --out {__file__}", "is a file"),
    ],
)
def test_bad_input_is_named_and_exits_2(arguments: str, says: str) -> None:
    done = generate(*arguments.split())
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""

"""What the commands say of objects that are beyond the arm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.planner.program import jouleplan
from tests.planner.test_feasibility import WIDE, write

CAN = "(on blue left) (on red crate)"
CANNOT = "(on crate left)"


def test_solve_goes_round_a_crate_too_wide_and_says_so(tmp_path: Path) -> None:
    done = jouleplan("solve", write(tmp_path, CAN, WIDE), "p", "--json", "--seed", "1")
    document = json.loads(done.stdout)
    assert (done.returncode, document["goal_reached"]) == (0, True)
    (breach,) = document["beyond_the_arm"]
    assert (breach["object"], breach["property"]) == ("crate", "width")
    assert (breach["measured"], breach["limit"], breach["unit"]) == (0.094, 0.07, "m")


def test_solve_ends_with_3_where_physics_rules_every_plan_out(tmp_path: Path) -> None:
    done = jouleplan("solve", write(tmp_path, CANNOT, WIDE), "p", "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["status"]) == (3, "unsolvable")
    assert document["executed"] == []
    assert "'crate' is 0.094 m wide" in document["cause"]


@pytest.mark.parametrize(
    ("goal", "code", "said"),
    [
        (CAN, 0, "left alone: 'crate' is 0.094 m wide"),
        (CANNOT, 2, "ruled out: take(crate, right)"),
    ],
)
def test_check_tells_what_is_left_alone_and_what_that_rules_out(
    tmp_path: Path, goal: str, code: int, said: str
) -> None:
    done = jouleplan("check", write(tmp_path, goal, WIDE))
    assert done.returncode == code
    assert said in done.stdout


def test_evaluate_gives_the_limit_as_the_cause(tmp_path: Path) -> None:
    folder = write(tmp_path, CANNOT, WIDE)
    done = jouleplan("evaluate", folder, "p", "--episodes", "1", "--json")
    ((cause, count),) = json.loads(done.stdout)["causes"].items()
    assert count == 1
    assert "'crate' is 0.094 m wide" in cause

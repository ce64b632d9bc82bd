"""The command line as users run it: exit codes, one JSON document."""

import subprocess
import sys
from pathlib import Path

import pytest

from jouleplan.planner.cli.app import COMMANDS
from jouleplan.planner.cli.output import ExitCode
from jouleplan.planner.engines.registry import ENGINES
from jouleplan.skills.stages import STAGES
from tests.planner.program import document, jouleplan

HEAVY = [
    "codecarbon",
    "gymnasium",
    "matplotlib",
    "numpy",
    "onnxruntime",
    "pandas",
    "pybullet",
    "scipy",
    "stable_baselines3",
    "torch",
    "unified_planning",
    "zeus",
]


# --- help, lists ---


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom jouleplan.planner.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_names_every_command() -> None:
    done = jouleplan("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("command", ["domains", "engines", "skills"])
def test_lists_are_json(command: str) -> None:
    done = jouleplan(command, "--json", "--seed", "1")
    assert done.returncode == 0
    assert command in document(done)


def test_every_engine_is_described() -> None:
    listed = document(jouleplan("engines", "--json"))["engines"]
    assert set(listed) == set(ENGINES)
    assert all(about["licence"] and about["install"] for about in listed.values())


def test_no_command_shows_what_to_type_first_and_is_bad_input() -> None:
    done = jouleplan()
    assert done.returncode == ExitCode.BAD_INPUT
    assert "Type first:\n  jouleplan solve hanoi p03" in done.stdout


def test_doctor_finds_everything_that_is_needed() -> None:
    done = jouleplan("doctor", "--json")
    needed = {c["name"]: c["works"] for c in document(done)["checks"] if c["needed"]}
    assert needed == dict.fromkeys(needed, True)
    assert done.returncode == 0


# --- plan and solve ---


def test_plan_prints_ground_operators() -> None:
    done = jouleplan("plan", "hanoi", "p03", "--json")
    answer = document(done)
    assert done.returncode == 0
    assert answer["status"] == "solved"
    assert answer["plan"][0] == "pick(d1, d2)"
    assert answer["length"] == len(answer["plan"]) == 14


def test_solve_reaches_the_goal_films_and_records(tmp_path: Path) -> None:
    film, ledger = tmp_path / "film.gif", tmp_path / "ledger.db"
    done = jouleplan(
        *("solve", "hanoi", "p03", "--seed", "7", "--json"),
        *("--gif", film, "--ledger", ledger),
    )
    answer = document(done)
    assert done.returncode == 0, done.stderr
    assert answer["goal_reached"] is True
    assert answer["status"] == "solved"
    assert answer["rules_broken"] == []
    assert all(
        {"outcome", "control_steps", "retries"} <= set(e) for e in answer["executed"]
    )
    assert {"planning", "sensing", "policy", "simulation", "rendering"} <= set(
        answer["energy"]
    )
    assert all(
        {"energy_j", "cpu_s", "source", "quality"} <= set(used)
        for used in answer["energy"].values()
    )
    leaves = sum(used["cpu_s"] for used in answer["energy"].values())
    assert leaves == pytest.approx(answer["energy_total"]["cpu_s"])
    assert answer["mechanical_work_j"] > 0
    assert 0 < answer["simulated_s"] < 60
    assert set(answer["policies"]) == set(STAGES)
    assert film.read_bytes()[:6] == b"GIF89a"
    assert film.stat().st_size < 3_000_000
    assert ledger.is_file()


def test_solve_takes_the_first_problem_and_tells_people() -> None:
    done = jouleplan("solve", "hanoi")
    assert done.returncode == 0, done.stderr
    assert "goal reached" in done.stdout
    assert "estimated" in done.stdout or "measured" in done.stdout
    assert "first-time-right" in done.stdout


def test_domain_without_binding_is_solved_in_symbols(domain: Path) -> None:
    (domain / "domain.toml").unlink()
    done = jouleplan("solve", domain, "p03", "--json")
    answer = document(done)
    assert done.returncode == 0
    assert answer["status"] == "solved"
    assert answer["executed"] == []
    assert "domain.toml" in answer["note"]


# --- exit codes of planning ---


@pytest.mark.parametrize("command", ["plan", "solve"])
def test_unreachable_goal_exits_3(domain: Path, command: str) -> None:
    problem = domain / "problems" / "p03.pddl"
    head, _, goal = problem.read_text().partition("(:goal")
    assert goal
    problem.write_text(f"{head}(:goal (and (on d3 d1))))\n")
    done = jouleplan(command, domain, "p03", "--json")
    answer = document(done)
    assert done.returncode == ExitCode.UNSOLVABLE, done.stderr
    assert answer["status"] == "unsolvable"


def test_plan_says_what_was_found_and_how_it_was_checked(tmp_path: Path) -> None:
    graph, plan_file = tmp_path / "plan.svg", tmp_path / "plan.txt"
    done = jouleplan(
        *("plan", "hanoi", "p03", "--optimal", "--json"),
        *("--graph", graph, "--plan-file", plan_file),
    )
    answer = document(done)
    assert done.returncode == 0
    assert answer["validated"]
    assert answer["proven_best"]
    assert answer["cost"] == answer["length"] == 14
    assert {"parse", "search", "validate", "total"} == set(answer["times"])
    assert "<svg" in graph.read_text()
    assert plan_file.read_text().startswith("(pick d1 d2)\n")


def test_plan_file_that_cannot_be_written_is_refused_before_planning(
    tmp_path: Path,
) -> None:
    file = tmp_path / "nowhere" / "plan.txt"
    done = jouleplan("plan", "hanoi", "p03", "--plan-file", file)
    assert done.returncode == ExitCode.BAD_INPUT
    assert "give a file in a folder that exists" in done.stderr


def test_plan_minimises_given_costs(tmp_path: Path) -> None:
    costs = tmp_path / "costs.toml"
    costs.write_text("version = 1\n[operators]\npick = 2\nplace = 0.5\n")
    answer = document(jouleplan("plan", "hanoi", "p03", "--json", "--costs", costs))
    assert answer["cost"] == 7 * 2.5


def test_plan_lists_the_best_plans() -> None:
    answer = document(jouleplan("plan", "hanoi", "p03", "--json", "--top-k", "2"))
    assert [found["cost"] for found in answer["plans"]] == [14, 16]


def test_a_refusal_names_feature_and_engines_and_exits_4(tmp_path: Path) -> None:
    files = tmp_path / "d.pddl", tmp_path / "p.pddl"
    files[0].write_text(
        "(define (domain d) (:predicates (p)) (:functions (n)) (:action go"
        " :parameters () :precondition (> (n) 1) :effect (p)))"
    )
    files[1].write_text(
        "(define (problem q) (:domain d) (:init (= (n) 2)) (:goal (p)))"
    )
    done = jouleplan("plan", *files, "--engine", "symk", "--json")
    assert done.returncode == ExitCode.GAVE_UP
    assert document(done)["status"] == "unsupported"
    assert "numeric fluents" in document(done)["detail"]
    assert "enhsp" in document(done)["detail"]


def test_engine_out_of_time_exits_4() -> None:
    done = jouleplan(
        *("plan", "hanoi", "p08", "--engine", "pyperplan", "--json"),
        *("--time-limit", "0.05"),
    )
    assert done.returncode == ExitCode.GAVE_UP
    assert document(done)["status"] == "timeout"

"""The command line as users run it: exit codes, one JSON document, named errors."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from jouleplan.domains.catalogue import find_domain
from jouleplan.planner.cli.app import COMMANDS, run
from jouleplan.planner.cli.output import ExitCode
from jouleplan.planner.engines.registry import ENGINES
from jouleplan.skills.stages import STAGES

HANOI = find_domain("hanoi").domain_pddl.parent
PROGRAM = (sys.executable, "-m", "jouleplan.planner.cli")
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


def jouleplan(
    *arguments: str | Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | environment,
    )


def document(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON document on stdout; fails if there is anything else."""
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


@pytest.fixture
def domain(tmp_path: Path) -> Path:
    """A copy of the hanoi folder, to be spoilt."""
    return Path(shutil.copytree(HANOI, tmp_path / "towers"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


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


# --- bad input ---


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The error of a command that refused its input, the same on both streams."""
    assert done.returncode == ExitCode.BAD_INPUT, done.stderr
    assert "Traceback" not in done.stderr
    answer = document(done)
    assert answer["status"] == "error"
    assert answer["kind"]
    error = str(answer["error"])
    assert error in done.stderr
    return error


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("solve hanio p03", "hanoi"),
        ("solve hanoi p0", "p03"),
        ("plan hanio p03", "hanoi"),
        ("plan hanoi p03 --engine fast-downwrd", "fast-downward"),
        ("plan hanoi p03 --time-limit 0", "above 0"),
        ("plan hanoi p03 --memory-limit 1", "at least 64"),
        ("plan hanoi p03 --graph plan.png", ".svg"),
        ("plan hanoi p03 --costs /nowhere.toml", "cannot be read"),
        ("plan hanoi p03 --optimal --engine fast-downward", "engines that can"),
        ("plan hanoi p03 --optimal --top-k 2", "not allowed with"),
        ("plan hanoi", "PROBLEM"),
        ("solve hanoi p03 --seed -1", "at least 0"),
        ("solve hanoi p03 --seed 99999999999999999999", "at most 1000000000000000"),
        ("solve hanoi p03 --disturb 2", "from 0 to 1"),
        ("solve hanoi p03 --gif /nowhere/film.gif", "folder"),
        ("solve hanoi p03 --gif film.mp4", "gif"),
        ("solve hanoi p03 --ledger /nowhere/ledger.db", "folder"),
        ("solve hanoi p03 --policies /nowhere", "onnx"),
        ("solve hanoi p03 --robot sawyer", "panda, kuka, xarm"),
        ("evaluate hanoi p03 --robot kukka", "did you mean kuka"),
        ("train reach --out . --robot sawyer", "panda, kuka, xarm"),
        ("evaluate hanoi p03 --episodes 0", "at least 1"),
        ("evaluate hanoi p03 --jobs 0", "at least 1"),
        ("evaluate hanoi", "--generate"),
        ("evaluate blocksworld --generate 9-5", "MIN-MAX"),
        ("evaluate hanoi p03 --out /nowhere/out.json", "folder"),
        ("evaluate hanoi p3", "p03"),
        ("train walk --out .", "reach"),
        ("train reach", "--out"),
        ("skills --policies /nowhere", "no such folder"),
        ("fly", "invalid choice"),
        ("sovle hanoi p03", "did you mean solve"),
        ("solve hanoi p03 --sede 3", "did you mean --seed"),
        ("solve hanoi --skills gcrl-falt", "did you mean gcrl-flat"),
        ("compare --methods neurosymbolc", "did you mean neurosymbolic"),
        ("train grap --out .", "did you mean grasp"),
        ("ledger exprt x.db", "did you mean export"),
        ("completion fsh", "did you mean fish"),
        ("check /", "holds no domain.pddl"),
        ("doctor --idle 1e300", "at most 1,000,000,000"),
        ("solve hanoi p03 --watts-per-core 1e308", "at most 1,000,000,000"),
        ("engines --foo", "usage: jouleplan engines"),
        ("--json engines", "write --json behind engines"),
        ("--json", "write --json behind the command"),
        ("generate hanoi --size 3 --out /proc/no", "a folder that exists"),
        ("train reach --out /dev/null", "give another name"),
    ],
)
def test_bad_argument_is_named_and_exits_2(arguments: str, says: str) -> None:
    assert says in refused(jouleplan(*arguments.split(), "--json"))


def test_domain_file_that_is_not_pddl(domain: Path) -> None:
    (domain / "domain.pddl").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    assert "domain.pddl" in refused(jouleplan("plan", domain, "p03", "--json"))


def test_problem_file_that_is_not_pddl(tmp_path: Path) -> None:
    problem = tmp_path / "problem.pddl"
    problem.write_text("# Towers\nnot PDDL at all\n")
    assert "problem.pddl" in refused(jouleplan("solve", "hanoi", problem, "--json"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('place = [{ skill = "place"', '# [{ skill = "place"', "place"),
        ('"nothing_on"', '"noting_on"', "nothing_on"),
        ("[objects.disk]", "[objects.brick]", "d1"),
    ],
    ids=["unbound operator", "unknown classifier", "object without a body"],
)
def test_binding_that_does_not_fit(domain: Path, old: str, new: str, says: str) -> None:
    edit(domain / "domain.toml", old, new)
    error = refused(jouleplan("solve", domain, "p03", "--json"))
    assert "domain.toml" in error
    assert says in error


def test_disk_in_mid_air(domain: Path) -> None:
    edit(domain / "problems" / "p03.pddl", "(on d1 d2)", "")
    error = refused(jouleplan("solve", domain, "p03", "--json"))
    assert "d1" in error


def test_init_that_physics_contradicts(domain: Path) -> None:
    edit(domain / "problems" / "p03.pddl", "(clear d1)", "(clear d1) (clear d3)")
    error = refused(jouleplan("solve", domain, "p03", "--json"))
    assert "clear(d3)" in error


def test_damaged_policy_file(tmp_path: Path) -> None:
    (tmp_path / "reach.onnx").write_bytes(b"\x08\x07\x12")
    error = refused(
        jouleplan("solve", "hanoi", "p03", "--policies", tmp_path, "--json")
    )
    assert "reach.onnx" in error


@pytest.mark.parametrize("display", ["", ":97"], ids=["none", "dead"])
def test_window_without_display(display: str) -> None:
    done = jouleplan("solve", "hanoi", "p03", "--gui", "--json", DISPLAY=display)
    assert "--gif" in refused(done)


def test_error_without_json_is_on_stderr_alone() -> None:
    done = jouleplan("plan", "hanio", "p03")
    assert done.returncode == ExitCode.BAD_INPUT
    assert done.stdout == ""
    assert "hanoi" in done.stderr


# --- endings ---


def test_reader_that_has_gone_is_quiet() -> None:
    with subprocess.Popen(
        [*PROGRAM, "plan", "hanoi", "p03"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == ExitCode.BROKEN_PIPE
    assert said == ""


@pytest.mark.parametrize("asked", ["domains", "plan hanoi no"])
@pytest.mark.parametrize("form", ["", " --json"])
def test_output_on_a_full_disk_is_bad_input_and_no_traceback(
    asked: str, form: str
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, *(asked + form).split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == ExitCode.BAD_INPUT
    assert len(done.stderr.splitlines()) == 1
    assert ("No space left" in done.stderr) == (asked == "domains")


def test_a_closed_stderr_keeps_nothing_from_being_done() -> None:
    done = subprocess.run(
        ["sh", "-c", f"{' '.join(PROGRAM)} solve hanoi p03 --json 2>&-"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert done.returncode == ExitCode.DONE
    assert document(done)["goal_reached"] is True


def test_a_working_folder_that_has_gone_is_named(tmp_path: Path) -> None:
    asked = f"{' '.join(PROGRAM)} solve hanoi p03 --ledger x.db"
    done = subprocess.run(
        ["sh", "-c", f"cd {tmp_path}; rmdir {tmp_path}; {asked}"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert done.returncode == ExitCode.BAD_INPUT
    assert "change to one that exists" in done.stderr


def test_an_interrupt_inside_a_library_that_is_loading_is_an_interrupt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(_: object) -> int:  # as pybind11 tells it
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise ImportError("initialization failed") from error

    monkeypatch.setattr("jouleplan.planner.cli.domains_command.run", load)
    assert run(["domains"]) == ExitCode.INTERRUPTED
    assert "interrupted" in capsys.readouterr().err


def test_a_fault_of_our_own_is_not_taken_for_an_interrupt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: object) -> int:
        raise ImportError("no such thing")

    monkeypatch.setattr("jouleplan.planner.cli.domains_command.run", fail)
    with pytest.raises(ImportError, match="no such thing"):
        run(["domains"])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_interrupt_ends_with_130_and_leaves_no_process(jobs: str) -> None:
    arguments = ["evaluate", "hanoi", "p08", "--episodes", "4", "--jobs", jobs]
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        time.sleep(8)  # until the workers are at work
        os.killpg(process.pid, signal.SIGINT)
        said, wrong = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED, wrong
    assert said == ""
    assert "Traceback" not in wrong
    assert gone(process.pid)


def gone(group: int) -> bool:
    """Whether a process group ends; multiprocessing's own helper takes a moment."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False

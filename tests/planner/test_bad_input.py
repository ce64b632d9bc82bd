"""Bad input: named errors, one JSON document, exit code 2, no traceback."""

from pathlib import Path

import pytest

from jouleplan.planner.cli.output import ExitCode
from tests.planner.program import jouleplan, refused


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


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


def test_listed_policies_are_opened(tmp_path: Path) -> None:
    (tmp_path / "reach.onnx").write_bytes(b"half")
    said = refused(jouleplan("skills", "--policies", tmp_path, "--json"))
    assert "reach.onnx is not a whole ONNX file" in said

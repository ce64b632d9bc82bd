"""What a shell is told when TAB is pressed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jouleplan.domains.catalogue import domain_names
from jouleplan.planner.cli.app import COMMANDS
from jouleplan.planner.cli.completion import SHELLS, script


def offered(line: str, folder: Path) -> list[str]:
    """Ask as argcomplete's scripts do; its answer goes to a file."""
    answer = folder / "answer"
    asking = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
    }
    done = subprocess.run(
        [sys.executable, "-m", "jouleplan.planner.cli"],
        env=os.environ | asking,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [word.strip() for word in answer.read_text().split("\n")]


def test_commands_are_offered(tmp_path: Path) -> None:
    assert set(COMMANDS) <= set(offered("jouleplan ", tmp_path))


def test_domains_and_folders_are_offered(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    words = offered("jouleplan solve ", tmp_path)
    assert {*domain_names(), "mine/"} <= set(words)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("jouleplan solve hanoi p04", ["p04", "p04-middle"]),
        ("jouleplan compare --domains hanoi --problem p04", ["p04", "p04-middle"]),
        ("jouleplan solve hanoi p03 --dis", ["--disturb"]),
        ("jouleplan solve hanoi p03 --robot k", ["kuka"]),
        ("jouleplan plan hanoi p03 --engine sym", ["symk"]),
        ("jouleplan train gr", ["grasp"]),
        ("jouleplan solve nowhere p0", [""]),
    ],
)
def test_what_may_follow_is_offered(
    line: str, words: list[str], tmp_path: Path
) -> None:
    assert offered(line, tmp_path) == words


def test_methods_are_offered_behind_a_comma(tmp_path: Path) -> None:
    words = offered("jouleplan compare --methods neurosymbolic,scr", tmp_path)
    assert words == ["neurosymbolic,scripted"]


@pytest.mark.parametrize("shell", SHELLS)
def test_script_is_for_our_command(shell: str) -> None:
    assert "jouleplan" in script(shell)


def test_bash_takes_the_script() -> None:
    check = "source /dev/stdin && complete -p jouleplan"
    done = subprocess.run(
        ["bash", "-c", check], input=script("bash"), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "python_argcomplete" in done.stdout

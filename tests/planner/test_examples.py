"""The example in every command's help, run as it stands."""

import subprocess
import sys
from pathlib import Path

import pytest

from jouleplan.planner.cli.app import COMMANDS
from jouleplan.planner.cli.examples import EXAMPLES, START

SMALL = {
    "collect": ("--episodes 2", "--episodes 1 --size 32"),
    "train": (" --out", " --steps 300 --evaluate 2 --out"),
    "collect-play": ("--steps 40000", "--steps 300"),
}
"""What would take minutes, and what is run in its stead."""

ENDLESS = ("serve",)
"""What runs until Ctrl-C, and is run by tests of its own."""


@pytest.mark.parametrize("command", EXAMPLES)
def test_help_shows_the_example(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jouleplan.planner.cli", *command.split(), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    shown = "example:\n" + "\n".join(f"  {line}" for line in EXAMPLES[command])
    assert done.stdout.endswith(f"{shown}\n")


def test_every_command_has_an_example() -> None:
    assert [name for name in COMMANDS if name not in EXAMPLES] == []


@pytest.mark.parametrize("command", EXAMPLES)
def test_example_is_of_its_command(command: str) -> None:
    assert any(f"jouleplan {command}" in line for line in EXAMPLES[command])


@pytest.mark.slow
@pytest.mark.parametrize("command", [one for one in EXAMPLES if one not in ENDLESS])
def test_example_runs_in_an_empty_folder(command: str, tmp_path: Path) -> None:
    text = "\n".join(EXAMPLES[command])
    if command in SMALL:
        assert SMALL[command][0] in text
        text = text.replace(*SMALL[command])
    run(text, tmp_path)


def test_what_is_to_be_typed_first_is_among_the_examples() -> None:
    first = START.partition("Type first:\n")[2].partition("\n\n")[0]
    commands = [line.strip().partition("   ")[0] for line in first.splitlines()]
    assert len(commands) == 4
    assert set(commands) <= {line for lines in EXAMPLES.values() for line in lines}


def run(text: str, folder: Path) -> None:
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", text],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"

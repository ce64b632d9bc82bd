"""How commands end where streams, the disk or the user end them."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from jouleplan.planner.cli.app import run
from jouleplan.planner.cli.output import ExitCode
from tests.planner.program import PROGRAM, document


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

"""Commands that misbehave: each is ended in time, and nothing of it is left."""

from __future__ import annotations

import resource
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from jouleplan.planner.engines import process, process_tree
from jouleplan.planner.engines.engine import Limits
from jouleplan.planner.engines.process_tree import LinuxTree, PortableTree, ProcessTree

LIMITS = Limits(20.0, 4096)
GRACE_S = 1.0

DETACH = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        {body}
        time.sleep(600)
    os._exit(0)
os.wait()
"""
"""A grandchild in a session of its own, whose parent is gone."""


@pytest.fixture(params=[LinuxTree, PortableTree])
def every_tree(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], ProcessTree]:
    """Use each way to find processes in turn."""
    tree: Callable[[], ProcessTree] = request.param
    if tree is LinuxTree and not Path("/proc/self/stat").exists():
        pytest.skip("no /proc")
    monkeypatch.setattr(process, "process_tree", tree)
    return tree


@pytest.fixture
def badge() -> Iterator[str]:
    """A word for a command line; no process with it may be left."""
    word = f"badge-{uuid.uuid4().hex}"
    yield word
    left = []
    for one in psutil.process_iter(["cmdline", "status"]):
        dead = one.info["status"] == psutil.STATUS_ZOMBIE
        if not dead and word in (one.info["cmdline"] or []):
            left.append(one)
    for one in left:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    assert not left


def _python(code: str, badge: str) -> list[str]:
    return [sys.executable, "-S", "-c", code, badge]


def _timed(command: list[str], limits: Limits, folder: Path) -> process.Finished:
    """Run a command; fail if that takes longer than its limit allows."""
    before = time.perf_counter()
    finished = process.run(command, limits, folder)
    assert time.perf_counter() - before < limits.time_s + GRACE_S
    return finished


def test_a_command_that_ends_has_its_code_and_output(tmp_path: Path) -> None:
    code = "import sys; print('said'); sys.exit(3)"
    finished = process.run(_python(code, ""), LIMITS, tmp_path)
    assert (finished.code, finished.output, finished.ended) == (3, "said\n", False)
    assert finished.ending == "exit code 3: said"


def test_a_program_that_is_missing_has_code_127(tmp_path: Path) -> None:
    finished = process.run([str(tmp_path / "none")], LIMITS, tmp_path)
    assert finished.code == 127
    assert "No such file" in finished.ending


def test_a_command_that_hangs_is_ended(
    every_tree: object, badge: str, tmp_path: Path
) -> None:
    code = "import time; time.sleep(600)"
    finished = _timed(_python(code, badge), Limits(0.3, 512), tmp_path)
    assert finished.timed_out
    assert finished.ending == "the time limit"


def test_a_command_that_ignores_signals_is_ended(badge: str, tmp_path: Path) -> None:
    code = (
        "import signal, time\n"
        "for s in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:\n"
        "    signal.signal(s, signal.SIG_IGN)\n"
        "time.sleep(600)"
    )
    assert _timed(_python(code, badge), Limits(0.4, 512), tmp_path).timed_out


def test_a_process_that_detaches_is_ended_at_the_limit(
    every_tree: object, badge: str, tmp_path: Path
) -> None:
    code = DETACH.format(body="pass") + "\ntime.sleep(600)"
    assert _timed(_python(code, badge), Limits(0.8, 512), tmp_path).timed_out


def test_a_process_that_is_left_behind_is_ended_and_counted(
    every_tree: object, badge: str, tmp_path: Path
) -> None:
    burn = "while time.process_time() < 0.3: pass"
    code = DETACH.format(body=f"{burn}\n        open('burnt', 'w')")
    code += "\nwhile not os.path.exists('burnt'): time.sleep(0.01)\ntime.sleep(0.1)"
    finished = _timed(_python(code, badge), LIMITS, tmp_path)
    assert (finished.code, finished.ended) == (0, False)
    assert finished.cpu_s > 0.25


def test_a_process_that_cleared_its_environment_is_ended(
    badge: str, tmp_path: Path
) -> None:
    run = "os.execve(sys.executable, [sys.executable, '-S', '-c', "
    run += "'import time; time.sleep(600)', sys.argv[1]], {})"
    code = f"import os, sys, time\nif os.fork() == 0:\n    {run}\ntime.sleep(0.2)"
    assert _timed(_python(code, badge), LIMITS, tmp_path).code == 0


def test_a_process_that_always_moves_on_is_ended(badge: str, tmp_path: Path) -> None:
    code = (
        "import os, time\n"
        "end = time.time() + 15\n"  # should it not be caught, it ends by itself
        "while time.time() < end:\n"
        "    if os.fork(): os._exit(0)\n"
        "    os.setsid()\n"
        "    time.sleep(0.005)"
    )
    hop = f"import os, time\nif os.fork(): time.sleep(600)\n{code}"
    assert _timed(_python(hop, badge), Limits(0.5, 4096), tmp_path).timed_out


def test_a_command_of_too_many_processes_is_ended(badge: str, tmp_path: Path) -> None:
    code = (
        "import os, time\n"
        "for _ in range(300):\n"
        "    if os.fork() == 0: time.sleep(600)\n"
        "time.sleep(600)"
    )
    finished = process.run(_python(code, badge), LIMITS, tmp_path)
    assert finished.crowded
    assert "processes" in finished.ending


@pytest.mark.parametrize("address_space", [True, False])
def test_memory_is_limited(badge: str, address_space: bool, tmp_path: Path) -> None:
    code = "import time\nheld = bytearray(b'x') * 400_000_000\ntime.sleep(600)"
    finished = process.run(
        _python(code, badge),
        Limits(20, 200),
        tmp_path,
        address_space=address_space,
    )
    if address_space:
        assert finished.code == 1
        assert "MemoryError" in finished.output
    else:
        assert finished.memory_exceeded
        assert finished.ending == "the memory limit"


def test_memory_of_all_processes_together_is_limited(
    every_tree: object, badge: str, tmp_path: Path
) -> None:
    code = (
        "import os, time\n"
        "for _ in range(3): os.fork()\n"
        "held = bytearray(b'x') * 50_000_000\n"
        "time.sleep(600)"
    )
    finished = process.run(_python(code, badge), Limits(20, 300), tmp_path)
    assert finished.memory_exceeded
    assert finished.peak_mb > 300


def test_a_command_that_prints_forever_does_not_fill_the_disk(
    badge: str, tmp_path: Path
) -> None:
    code = (
        "import os\n"
        "while True:\n"
        "    try: os.write(1, b'x' * 1_000_000)\n"
        "    except OSError: pass"
    )
    with process.start(
        _python(code, badge), Limits(0.5, 512), tmp_path, file_mb=10
    ) as running:
        finished = running.wait()
    assert finished.timed_out
    assert (tmp_path / "output.txt").stat().st_size <= 10 * 2**20
    assert 0 < len(finished.output) <= 65536


def test_a_command_that_closes_its_outputs_is_ended(badge: str, tmp_path: Path) -> None:
    code = "import os, time\nos.close(1); os.close(2); time.sleep(600)"
    assert _timed(_python(code, badge), Limits(0.3, 512), tmp_path).timed_out


def test_a_command_that_takes_its_log_away_has_no_output(tmp_path: Path) -> None:
    code = "import os; os.remove('output.txt')"
    finished = process.run(_python(code, ""), LIMITS, tmp_path)
    assert (finished.code, finished.output) == (0, "")


def test_a_command_that_is_killed_says_so(tmp_path: Path) -> None:
    code = "import os; os.kill(os.getpid(), 9)"
    finished = process.run(_python(code, ""), LIMITS, tmp_path)
    assert finished.code == -9
    assert "SIGKILL" in finished.ending


def test_a_stop_ends_a_command_at_once(badge: str, tmp_path: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    before = time.perf_counter()
    code = "import time; time.sleep(600)"
    finished = process.run(_python(code, badge), LIMITS, tmp_path, stop=stop)
    assert finished.stopped
    assert not finished.timed_out
    assert time.perf_counter() - before < GRACE_S


def test_an_error_while_waiting_ends_the_command(badge: str, tmp_path: Path) -> None:
    def fail() -> bool:
        raise KeyboardInterrupt

    code = "import time; time.sleep(600)"
    with pytest.raises(KeyboardInterrupt):
        process.run(_python(code, badge), LIMITS, tmp_path, on_tick=fail)


def test_a_started_command_is_polled_and_killed(badge: str, tmp_path: Path) -> None:
    code = "import time; time.sleep(600)"
    running = process.start(_python(code, badge), LIMITS, tmp_path)
    assert running.poll() is None
    assert running.watch(deadline=time.perf_counter() + 0.05) is None
    assert running.kill().stopped
    assert running.kill() is running.poll()


def test_several_threads_wait_for_one_command(tmp_path: Path) -> None:
    code = "import time; time.sleep(0.2)"
    with process.start(_python(code, ""), LIMITS, tmp_path) as running:
        ends: list[process.Finished] = []
        threads = [
            threading.Thread(target=lambda: ends.append(running.wait()))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [finished.code for finished in ends] == [0, 0, 0, 0]


def test_commands_run_at_once_do_not_end_each_other(tmp_path: Path) -> None:
    code = "import time; time.sleep(0.3)"
    ends: list[process.Finished] = []

    def one(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        limits = Limits(0.1 if number % 2 else 20, 512)
        ends.append(process.run(_python(code, ""), limits, folder))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(finished.timed_out for finished in ends) == 3 * [False] + 3 * [True]
    assert {finished.code for finished in ends} == {0, -9}


def test_cpu_time_counts_as_that_of_our_children(tmp_path: Path) -> None:
    code = "import time\nwhile time.process_time() < 0.2: pass"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    finished = process.run(_python(code, ""), LIMITS, tmp_path)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    counted_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert finished.cpu_s == pytest.approx(counted_s, abs=0.02)
    assert finished.cpu_s > 0.15


def test_every_tree_has_a_mark_of_its_own() -> None:
    assert process_tree.process_tree().mark != process_tree.process_tree().mark

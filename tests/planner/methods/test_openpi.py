"""A policy server plays our scenes, over loopback."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from jouleplan.energy.ledger import Ledger
from jouleplan.energy.meter import Meter
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.planner.cli.app import run
from jouleplan.planner.methods.episode import Asked, run_episode
from jouleplan.planner.methods.errors import MethodError
from jouleplan.planner.methods.openpi import instruction
from jouleplan.planner.methods.registry import find_method
from jouleplan.planner.task import Task, read_task
from jouleplan.skills.vla.errors import PolicyServerError
from jouleplan.skills.vla.serve import serve

pytest.importorskip("websockets")

Infer = Callable[[Any], np.ndarray]
ESTIMATED = {"energy_quality": "estimated"}


@pytest.fixture(scope="module")
def task() -> Task:
    return read_task("hanoi", "p03")


@contextmanager
def served(
    infer: Infer, metadata: Mapping[str, Any] = MappingProxyType({})
) -> Iterator[str]:
    """Serve a policy on loopback; yield its address."""
    ready: list[Any] = []
    up = threading.Event()

    def note(server: Any) -> None:
        ready.append(server)
        up.set()

    how = {"port": 0, "on_ready": note}
    thread = threading.Thread(target=serve, args=(infer, dict(metadata)), kwargs=how)
    thread.start()
    assert up.wait(10)
    try:
        yield f"openpi://127.0.0.1:{ready[0].socket.getsockname()[1]}"
    finally:
        ready[0].shutdown()
        thread.join(10)


def played(task: Task, address: str, horizon: int = 40) -> Any:
    method = find_method(f"{address}?replan=10&timeout=5")
    asked = Asked(task, "p03", 3, horizon, 0)
    return run_episode(method, asked, Meter(CpuTimeModel(4.0, "test")))


def test_a_server_sees_pictures_state_and_instruction_and_moves_the_arm(
    task: Task,
) -> None:
    seen: list[Any] = []

    def left(observation: Any) -> np.ndarray:
        seen.append(observation)
        return np.tile((0.0, 0.5, 0.0, 0.0, 0.0, 0.0, -1.0), (50, 1))

    with served(left) as address:
        record = played(task, address)
    assert len(seen) == 4  # of each chunk of 50 actions ten are carried out
    first, last = seen[0], seen[-1]
    for view in ("observation/image", "observation/wrist_image"):
        assert first[view].shape == (224, 224, 3)
        assert first[view].std() > 10  # something is to be seen
    assert "d1 on d2" in first["prompt"]
    moved = last["observation/state"] - first["observation/state"]
    assert moved[1] > 0.05
    assert abs(moved[2]) < 0.01
    assert not record.success
    assert record.control_steps == 40


def test_what_the_server_burns_is_unknown_and_not_zero(task: Task) -> None:
    with served(lambda _: np.zeros((50, 4))) as address:
        record = played(task, address)
        method = find_method(address)
    assert record.energy.energy_j is None
    assert record.energy.quality == "unavailable"
    assert method.training[0].energy_j is None


def tells(energy_j: float) -> Any:
    """Return a policy that stands still and says what that took."""
    return lambda _: (np.zeros((50, 4)), {"cpu_s": 0.5, "energy_j": energy_j})


def test_joules_that_a_server_tells_are_counted_under_a_source_of_their_own(
    task: Task,
) -> None:
    with served(tells(2.0), {"energy_source": "its model", **ESTIMATED}) as address:
        record = played(task, address)
    server = record.phases["policy server"]
    assert (server.calls, server.energy_j, server.cpu_s) == (4, 8.0, 2.0)
    assert "told by the policy server: its model" in record.energy.source
    assert record.energy.quality == "estimated"


@pytest.mark.parametrize(
    ("energy_j", "metadata"),
    [
        (float("nan"), {"energy_source": "x", "energy_quality": "estimated"}),
        (-1.0, {"energy_source": "x", "energy_quality": "estimated"}),
        (2.0, {"energy_source": "x", "energy_quality": "measured"}),
        (2.0, {"energy_source": "x", "energy_quality": ["estimated"]}),
        (2.0, {"energy_quality": "estimated"}),
        (2.0, {}),
    ],
)
def test_joules_that_do_not_fit_are_unknown(
    energy_j: float, metadata: dict[str, Any], task: Task
) -> None:
    with served(tells(energy_j), metadata) as address:
        record = played(task, address, 10)
    assert record.energy.energy_j is None


def _hang(_: Any) -> np.ndarray:
    time.sleep(1.0)
    return np.zeros((50, 4))


def test_a_server_that_hangs_ends_the_episode_with_the_cause(task: Task) -> None:
    with served(_hang) as address:
        method = find_method(f"{address}?timeout=0.3")
        asked = Asked(task, "p03", 3, 40, 0)
        record = run_episode(method, asked, Meter(CpuTimeModel(4.0, "test")))
    assert "gave no answer in 0.3 s" in record.cause
    assert record.energy.energy_j is None


@pytest.mark.parametrize(
    ("infer", "cause"),
    [
        (lambda _: np.zeros((50, 5)), "actions have 5 entries"),
        (lambda _: np.full((50, 7), np.nan), "not finite"),
        (lambda _: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_a_server_that_fails_ends_the_episode_with_the_cause(
    infer: Infer, cause: str, task: Task
) -> None:
    with served(infer) as address:
        record = played(task, address)
    assert not record.success
    assert cause in record.cause


def test_a_server_that_is_not_there_plays_no_episode(task: Task) -> None:
    with pytest.raises(PolicyServerError, match="cannot be reached"):
        played(task, "openpi://127.0.0.1:9")


def test_a_server_that_is_not_there_is_named_before_any_episode(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = tmp_path / "ledger.db"
    methods = "neurosymbolic,openpi://127.0.0.1:9"
    asked = ["compare", "--methods", methods, "--domains", "hanoi", "--problem", "p03"]
    assert run([*asked, "--episodes", "1", "--ledger", str(ledger)]) == 2
    assert "openpi://127.0.0.1:9 cannot be reached" in capsys.readouterr().err
    with Ledger(ledger) as opened:
        assert opened.counts()["episodes"] == 0


def test_the_instruction_is_the_goal_in_words(task: Task) -> None:
    assert instruction(task) == "hanoi: d1 on d2, d2 on d3, d3 on peg3."


@pytest.mark.parametrize("asked", ["colour=red", "replan=0", "timeout=soon"])
def test_a_parameter_that_does_not_fit_is_named(asked: str) -> None:
    with pytest.raises(MethodError, match=asked.partition("=")[0]):
        find_method(f"openpi://127.0.0.1:8000?{asked}")


def test_without_the_extra_its_command_is_named_before_any_scene_is_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "websockets.sync.client", None)
    asked = ["compare", "--methods", "openpi://127.0.0.1:9", "--episodes", "1"]
    assert run(asked) == 2
    assert "pip install 'jouleplan[vla]'" in capsys.readouterr().err

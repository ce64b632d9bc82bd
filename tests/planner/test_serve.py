"""`jouleplan serve` in a process of its own, and `compare` against it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np
import pytest

from jouleplan.energy.meter import Meter
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.planner.cli.app import run
from jouleplan.planner.cli.serve_command import is_loopback
from jouleplan.planner.methods.errors import MethodError
from jouleplan.planner.serving import MeteredPolicy, find_policy
from jouleplan.skills.vla.remote import RemotePolicy
from tests.skills.vla.tiny import OBSERVATION

for name in ("torch", "transformers", "websockets"):
    pytest.importorskip(name)

# the command as it is, but for a sibling of SmolVLA that is built in a moment
TINY_COMMAND = """
import sys
from jouleplan.planner import serving
from jouleplan.planner.methods import architecture
from tests.skills.vla.tiny import TINY
architecture.BLUEPRINTS = {"tiny": TINY}
serving.SERVED = {"tiny": serving._random}
from jouleplan.planner.cli import main
sys.exit(main())
"""


@contextmanager
def serving(*options: str) -> Iterator[tuple[Any, str]]:
    """Serve the tiny policy; yield its process and address."""
    program = [sys.executable, "-c", TINY_COMMAND, "serve", "tiny", "--port", "0"]
    with subprocess.Popen(
        [*program, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    ) as process:
        try:
            assert process.stderr is not None
            said = ""
            while "serving tiny at" not in said:
                line = process.stderr.readline()
                assert line, said
                said += line
            found = re.search(r"openpi://\S+?:\d+", said)
            assert found is not None
            yield process, found[0]
        finally:
            process.kill()


def test_compare_plays_a_served_policy_and_ctrl_c_ends_the_server_with_its_joules(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving("--json", "--prompt", "stack") as (process, address):
        asked = ["compare", "--methods", address, "--problem", "p03", "--episodes", "1"]
        assert run([*asked, "--horizon", "30", "--json"]) == 0
        (summary,) = json.loads(capsys.readouterr().out)["summaries"]
        with RemotePolicy(address) as client:  # still there when the server ends
            assert client.metadata["weights"].startswith("random")
            chunk = client.infer({**OBSERVATION, "prompt": ""})
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert chunk.actions.shape == (50, 7)
    assert chunk.timing["energy_j"] > 0
    assert (summary["n"], summary["judged"], summary["successes"]) == (1, 1, 0)
    (energy,) = summary["energies"]
    assert "told by the policy server" in energy["sources"][0]
    told = json.loads(out)
    # the warm-up, the episode and its pictures ask three times each, then one more
    assert (told["calls"], told["failed"]) == (10, 0)
    assert told["energy"]["quality"] == "estimated"
    assert told["energy"]["energy_j"] >= chunk.timing["energy_j"]
    assert told["address"] == address


def test_a_failure_of_the_policy_is_told_and_counted() -> None:
    with serving("--json") as (process, address):
        with (
            RemotePolicy(address) as client,
            pytest.raises(Exception, match="observation/image is NoneType"),
        ):
            client.infer({"prompt": "stack"})
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert (json.loads(out)["calls"], json.loads(out)["failed"]) == (0, 1)


class Still:
    """Stands still; notes what it was told."""

    metadata: ClassVar = {"policy": "still"}

    def __init__(self) -> None:
        self.prompts: list[str] = []

    def infer(self, observation: Any) -> np.ndarray:
        self.prompts.append(observation.get("prompt", ""))
        return np.zeros((3, 7), np.float32)


def test_the_prompt_is_for_observations_that_bring_none() -> None:
    still = Still()
    served = MeteredPolicy(still, Meter(CpuTimeModel(4.0, "test")), "stack")
    for observation in ({}, {"prompt": ""}, {"prompt": "sort"}):
        actions, told = served.infer(observation)
    assert still.prompts == ["stack", "stack", "sort"]
    assert actions.shape == (3, 7)
    assert told["energy_j"] == pytest.approx(4.0 * told["cpu_s"])
    assert served.total().calls == 3
    assert served.metadata["energy_quality"] == "estimated"


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["nothing"], "there are vla-end-to-end"),
        (["pi0-random"], "ask for it: pi0-random?memory=9"),
        (["smolvla-random?seed=1", "--seed", "2"], "given twice"),
        (["smolvla-random", "--port", "65536"], "65535"),
    ],
)
def test_what_does_not_fit_ends_with_exit_code_2(
    arguments: list[str], cause: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = run(["serve", *arguments])
    except SystemExit as end:
        code = int(end.code or 0)
    assert code == 2
    assert cause in capsys.readouterr().err


def test_a_port_in_use_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("jouleplan.planner.serving.find_policy", lambda _: Still())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert run(["serve", "still", "--port", port]) == 2
    assert f"cannot listen on 127.0.0.1, port {port}" in capsys.readouterr().err


def test_a_missing_extra_is_named_before_the_policy_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[str] = []
    monkeypatch.setattr("jouleplan.planner.serving.find_policy", made.append)
    monkeypatch.setitem(sys.modules, "websockets.sync.client", None)
    assert run(["serve", "still"]) == 2
    assert "pip install 'jouleplan[vla]'" in capsys.readouterr().err
    assert made == []


def test_a_host_that_others_reach_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("jouleplan.planner.serving.find_policy", lambda _: Still())
    monkeypatch.setattr("jouleplan.skills.vla.serve.serve", lambda *_, **__: None)
    assert run(["serve", "still", "--host", "0.0.0.0"]) == 0
    assert "warning: 0.0.0.0 is not this machine alone" in capsys.readouterr().err
    run(["serve", "still"])
    assert "warning" not in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.4.5", "::1", "localhost"])
def test_loopback_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.2", "example.org", ""])
def test_other_hosts_are_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("name", ["vla-end-to-end", "vla-planner-guided"])
def test_a_shipped_policy_can_be_served(name: str) -> None:
    actions = find_policy(f"{name}?seed=3").infer(OBSERVATION)
    assert actions.shape == (24, 7)
    assert np.abs(actions).max() <= 1.0


def test_a_parameter_that_a_trained_policy_lacks_is_named() -> None:
    with pytest.raises(MethodError, match="'speed'"):
        find_policy("vla-end-to-end?speed=3")

"""Real servers on loopback: ours with openpi's client, and servers that misbehave."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from jouleplan.skills.vla.errors import PolicyServerError
from jouleplan.skills.vla.remote import RemotePolicy
from jouleplan.skills.vla.serve import serve
from jouleplan.skills.vla.wire import pack

pytest.importorskip("websockets")

OBSERVATION = {
    "observation/image": np.zeros((8, 8, 3), dtype=np.uint8),
    "observation/state": np.arange(3.0),
    "prompt": "wave",
}


def wave(observation: Any) -> np.ndarray:
    if observation["prompt"] == "fail":
        raise ValueError("cannot do that")
    return np.full((5, 4), observation["observation/state"].sum())


@contextmanager
def served(infer: Callable[[Any], np.ndarray]) -> Iterator[int]:
    """Serve a policy on a free port."""
    ready: list[Any] = []
    up = threading.Event()

    def note(server: Any) -> None:
        ready.append(server)
        up.set()

    thread = threading.Thread(
        target=serve,
        args=(infer, {"name": "wave"}),
        kwargs={"port": 0, "on_ready": note},
    )
    thread.start()
    assert up.wait(10)
    try:
        yield ready[0].socket.getsockname()[1]
    finally:
        ready[0].shutdown()
        thread.join(10)


@contextmanager
def misbehaving(act: Callable[[Any], None]) -> Iterator[int]:
    """Serve what ``act`` does with a connection."""
    from websockets.sync.server import serve as listen

    with listen(act, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.socket.getsockname()[1]
        server.shutdown()
        thread.join(10)


def test_a_served_policy_answers_our_client() -> None:
    with served(wave) as port, RemotePolicy(f"openpi://127.0.0.1:{port}") as policy:
        assert policy.metadata == {"name": "wave"}
        chunk = policy.infer(OBSERVATION)
        assert chunk.actions.tolist() == np.full((5, 4), 3.0).tolist()
        assert chunk.timing["infer_ms"] >= 0


def test_a_served_policy_answers_openpis_client() -> None:
    client = pytest.importorskip("openpi_client.websocket_client_policy")
    with served(wave) as port:
        policy = client.WebsocketClientPolicy("127.0.0.1", port)
        assert policy.get_server_metadata() == {"name": "wave"}
        assert policy.infer(OBSERVATION)["actions"].shape == (5, 4)
        with pytest.raises(RuntimeError, match="cannot do that"):
            policy.infer({**OBSERVATION, "prompt": "fail"})


def test_a_servers_traceback_is_passed_on() -> None:
    with (
        served(wave) as port,
        RemotePolicy(f"openpi://127.0.0.1:{port}") as policy,
        pytest.raises(PolicyServerError, match="cannot do that"),
    ):
        policy.infer({**OBSERVATION, "prompt": "fail"})


def test_one_failure_leaves_the_server_up() -> None:
    with served(wave) as port:
        with RemotePolicy(f"ws://127.0.0.1:{port}") as policy:
            with pytest.raises(PolicyServerError):
                policy.infer({**OBSERVATION, "prompt": "fail"})
            with pytest.raises(PolicyServerError):
                policy.infer(OBSERVATION)
        with RemotePolicy(f"ws://127.0.0.1:{port}") as policy:
            assert len(policy.infer(OBSERVATION).actions) == 5


def test_nothing_that_listens_is_named() -> None:
    with pytest.raises(PolicyServerError, match=r"openpi://127.0.0.1:9 cannot be"):
        RemotePolicy("openpi://127.0.0.1:9")


def _hang(socket: Any) -> None:
    socket.send(pack({}))
    socket.recv()
    time.sleep(1.5)


def _answer(message: Any) -> Callable[[Any], None]:
    def act(socket: Any) -> None:
        socket.send(pack({}))
        socket.recv()
        socket.send(message)

    return act


@pytest.mark.parametrize(
    ("act", "what"),
    [
        (_hang, "no answer in 0.5 s"),
        (_answer(pack({"actions": np.zeros(3)})), r"actions \(3,\)"),
        (_answer(pack({"actions": np.zeros((0, 4))})), r"actions \(0, 4\)"),
        (_answer(pack({"actions": "many"})), "actions str"),
        (_answer(pack({})), "actions NoneType"),
        (_answer(pack({"actions": np.full((2, 4), np.nan)})), "not finite"),
        (_answer("Traceback: out of memory"), "out of memory"),
        (lambda socket: socket.send(pack({})), "closed the connection|has gone"),
    ],
)
def test_a_server_that_misbehaves_is_named(
    act: Callable[[Any], None], what: str
) -> None:
    with (
        misbehaving(act) as port,
        RemotePolicy(f"openpi://127.0.0.1:{port}", timeout_s=0.5) as policy,
        pytest.raises(PolicyServerError, match=what),
    ):
        policy.infer(OBSERVATION)


def test_bytes_that_are_no_message_end_the_episode_with_the_cause() -> None:
    from jouleplan.skills.vla.errors import WireError

    with (
        misbehaving(_answer(b"\xc1\xc1")) as port,
        RemotePolicy(f"openpi://127.0.0.1:{port}", timeout_s=2) as policy,
        pytest.raises(WireError, match="no message"),
    ):
        policy.infer(OBSERVATION)


def test_a_page_in_a_browser_is_refused() -> None:
    from websockets import Origin
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    with served(wave) as port, pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://127.0.0.1:{port}", origin=Origin("https://example.org"))

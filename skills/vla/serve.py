"""Serve: any policy from pixels behind openpi's websocket protocol.

On loopback unless told otherwise: whoever reaches the port may use the policy.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from jouleplan.skills.vla.wire import MAX_BYTES, pack, require_websockets, unpack

LOOPBACK: Final = "127.0.0.1"

Actions = npt.NDArray[np.floating[Any]]
Infer = Callable[[Mapping[str, Any]], Actions | tuple[Actions, Mapping[str, float]]]
"""Observation -> actions (horizon, width), with what to tell of their making if any."""
_CLOSE_S: Final = 2.0
"""Longest wait for a client that is told goodbye [s]."""


class PixelPolicy(Protocol):
    """A policy that acts from pictures and words, and can be served."""

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What a client is told first: plain values."""
        ...

    def infer(self, observation: Mapping[str, Any]) -> Actions:
        """Return a chunk of actions (horizon, width) in openpi's LIBERO form.

        Args:
            observation: As ``views.observation`` makes them.
        """
        ...


def serve(
    infer: Infer,
    metadata: Mapping[str, Any],
    *,
    host: str = LOOPBACK,
    port: int = 8000,
    on_ready: Callable[[Any], None] | None = None,
) -> None:
    """Serve until the server is shut down.

    An observation that the policy fails on is answered with the traceback, in a text
    frame, and ends that connection alone, as openpi's own server does. A page in a
    browser, which names its origin, is refused. Connections are closed at the end.

    Args:
        infer: The policy; called from one thread a connection.
        metadata: Sent to each client first.
        host: Address to listen on.
        port: Port; 0 takes a free one.
        on_ready: Called with the server once it listens, e.g. to learn its port or to
            shut it down later.

    Raises:
        OSError: The address cannot be listened on.
        MissingVlaError: The package websockets or msgpack is missing.
    """
    require_websockets()
    from websockets.sync.server import serve as listen

    clients: set[Any] = set()

    def answer(socket: Any) -> None:
        from websockets.exceptions import ConnectionClosed

        clients.add(socket)
        with contextlib.suppress(ConnectionClosed):
            socket.send(pack(metadata))
            for frame in socket:
                try:
                    socket.send(_answer(infer, frame))
                except ConnectionClosed:
                    raise
                except Exception:
                    socket.send(traceback.format_exc())
                    socket.close(1011, "the policy failed; the last frame says why")
                    break
        clients.discard(socket)

    with (
        listen(
            answer,
            host,
            port,
            compression=None,
            max_size=MAX_BYTES,
            ping_interval=None,
            close_timeout=_CLOSE_S,
            origins=[None],
        ) as server,
        contextlib.ExitStack() as ending,
    ):
        # their threads would keep the process alive
        ending.callback(lambda: [client.close(1001) for client in list(clients)])
        if on_ready is not None:
            on_ready(server)
        server.serve_forever()


def _answer(infer: Infer, frame: str | bytes) -> bytes:
    if isinstance(frame, str):
        raise TypeError("an observation is a binary frame, this is text")
    observation = unpack(frame)
    began = time.perf_counter()
    found = infer(observation)
    took_ms = 1e3 * (time.perf_counter() - began)
    actions, told = found if isinstance(found, tuple) else (found, {})
    timing = {"infer_ms": took_ms, **told}
    return pack({"actions": np.asarray(actions), "server_timing": timing})

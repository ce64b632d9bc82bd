"""Serve: any policy from pixels behind openpi's websocket protocol.

On loopback unless told otherwise: whoever reaches the port may use the policy.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from jouleplan.skills.vla.errors import MissingVlaError
from jouleplan.skills.vla.wire import MAX_BYTES, pack, unpack

LOOPBACK: Final = "127.0.0.1"

Infer = Callable[[Mapping[str, Any]], npt.NDArray[np.floating[Any]]]
"""Observation -> actions (horizon, width)."""


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
    frame, and ends that connection alone, as openpi's own server does.

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
    listen = _require_websockets()

    def answer(socket: Any) -> None:
        from websockets.exceptions import ConnectionClosed

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
                    return

    with listen(
        answer, host, port, compression=None, max_size=MAX_BYTES, ping_interval=None
    ) as server:
        if on_ready is not None:
            on_ready(server)
        server.serve_forever()


def _answer(infer: Infer, frame: str | bytes) -> bytes:
    if isinstance(frame, str):
        raise TypeError("an observation is a binary frame, this is text")
    observation = unpack(frame)
    began = time.perf_counter()
    actions = infer(observation)
    took_ms = 1e3 * (time.perf_counter() - began)
    return pack(
        {"actions": np.asarray(actions), "server_timing": {"infer_ms": took_ms}}
    )


def _require_websockets() -> Any:
    try:
        import msgpack  # noqa: F401
        from websockets.sync.server import serve as listen
    except ImportError as error:
        raise MissingVlaError(
            "a policy is served through websockets and msgpack: "
            "pip install 'jouleplan[vla]'"
        ) from error
    return listen

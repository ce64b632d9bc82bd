"""Remote: a policy behind openpi's websocket protocol, e.g. a real pi0 on a GPU.

The server speaks first: a map of metadata. Then each observation is answered with
``{"actions": (horizon, width), "server_timing": {...}}``; a text frame is a traceback.

Source: openpi-client 0.1.2, ``websocket_client_policy``.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from jouleplan.skills.vla.errors import PolicyServerError
from jouleplan.skills.vla.wire import MAX_BYTES, pack, require_websockets, unpack

SCHEME: Final = "openpi"
_REPORTED: Final = 2000
"""Characters of a server's traceback that are kept."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a server answers.

    Attributes:
        actions: Shape (horizon, width), finite, float64.
        timing: What the server says of its own time, e.g. ``infer_ms``.
    """

    actions: npt.NDArray[np.float64]
    timing: Mapping[str, float]


class RemotePolicy:
    """A connection to one policy server.

    Args:
        address: ``openpi://host:port`` or ``ws://host:port``.
        timeout_s: Longest wait for a connection, and for each answer [s].

    Attributes:
        metadata: What the server said of itself.

    Raises:
        PolicyServerError: It cannot be reached, or does not speak the protocol.
        MissingVlaError: The package websockets or msgpack is missing.
    """

    def __init__(self, address: str, timeout_s: float = 30.0) -> None:
        """Connect and read the metadata."""
        require_websockets()
        from websockets.sync.client import connect

        self.address, self._timeout_s = address, timeout_s
        self._open = ExitStack()
        try:
            connection = connect(
                address.replace(f"{SCHEME}://", "ws://", 1),
                compression=None,
                max_size=MAX_BYTES,
                open_timeout=timeout_s,
                ping_interval=None,  # a server that thinks answers no ping
                proxy=None,
            )
            self._socket = self._open.enter_context(connection)
        except (OSError, TimeoutError, ValueError) as error:
            raise self._error(f"cannot be reached ({_said(error)})") from error
        except Exception as error:  # the library's own kinds of a failed handshake
            raise self._error(f"is no policy server ({_said(error)})") from error
        try:
            self.metadata = self._receive()
        except BaseException:
            self.close()
            raise

    def infer(self, observation: Mapping[str, Any]) -> Chunk:
        """Return the actions for an observation.

        Args:
            observation: E.g. ``observation/image`` (224, 224, 3) uint8,
                ``observation/wrist_image``, ``observation/state`` and ``prompt``.

        Raises:
            PolicyServerError: The server hangs, fails, or answers with something that
                is no array of finite actions.
        """
        try:
            self._socket.send(pack(observation))
        except Exception as error:
            raise self._error(f"has gone ({_said(error)})") from error
        answer = self._receive()
        actions = answer.get("actions")
        if (
            not isinstance(actions, np.ndarray)
            or actions.ndim != 2
            or 0 in actions.shape
        ):
            shape = getattr(actions, "shape", type(actions).__name__)
            raise self._error(
                f"answered with actions {shape}; wanted (horizon, width) of numbers"
            )
        wide = actions.astype(np.float64)
        if not np.isfinite(wide).all():
            raise self._error("answered with actions that are not finite")
        return Chunk(wide, _timing(answer.get("server_timing")))

    def _receive(self) -> dict[str, Any]:
        try:
            frame = self._socket.recv(timeout=self._timeout_s)
        except TimeoutError as error:
            raise self._error(f"gave no answer in {self._timeout_s:g} s") from error
        except Exception as error:
            raise self._error(f"closed the connection ({_said(error)})") from error
        if isinstance(frame, str):
            raise self._error(f"failed:\n{frame.strip()[-_REPORTED:]}")
        return unpack(frame)

    def _error(self, what: str) -> PolicyServerError:
        return PolicyServerError(f"the policy server at {self.address} {what}")

    def close(self) -> None:
        """Close the connection."""
        self._open.close()

    def __enter__(self) -> Self:
        """Return the open connection."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


def _timing(said: object) -> dict[str, float]:
    """Return what is a number of the timing that a server tells."""
    if not isinstance(said, dict):
        return {}
    return {
        str(name): float(value)
        for name, value in said.items()
        if isinstance(value, int | float | np.number)
    }

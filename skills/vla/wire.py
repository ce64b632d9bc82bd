"""Wire: messages of openpi's policy servers; msgpack with arrays, never code.

An array travels as ``{b"__ndarray__": True, b"data", b"dtype", b"shape"}``, a scalar of
NumPy as ``{b"__npgeneric__": True, b"data", b"dtype"}``. Only numbers and booleans are
taken: a message of a stranger can be wrong, but it cannot run anything.

Source: openpi-client 0.1.2, ``msgpack_numpy`` (Physical Intelligence, Apache-2.0).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from jouleplan.skills.vla.errors import MissingVlaError, WireError

MAX_BYTES: Final = 64 * 2**20
"""Longest message that is read: some hundred camera pictures."""
_KINDS: Final = "biuf"


def require_websockets() -> None:
    """See that what the protocol takes is there, before any long work.

    Raises:
        MissingVlaError: The package websockets or msgpack is missing.
    """
    try:
        import msgpack  # noqa: F401
        import websockets.sync.client  # noqa: F401
    except ImportError as error:
        raise MissingVlaError(
            "openpi's protocol is spoken through websockets and msgpack: "
            "pip install 'jouleplan[vla]'"
        ) from error


def pack(message: Mapping[str, Any]) -> bytes:
    """Return a message as bytes.

    Raises:
        WireError: It holds an array of objects, or what no message can hold.
    """
    import msgpack

    try:
        packed: bytes = msgpack.packb(message, default=_packed)
    except (TypeError, ValueError, OverflowError) as error:
        raise WireError(f"no message can hold this: {error}") from error
    return packed


def unpack(data: bytes) -> dict[str, Any]:
    """Return the message in ``data``; its arrays are views of it, not writable.

    Raises:
        WireError: It is no message, or one of its arrays does not fit its own shape.
    """
    import msgpack

    try:
        message = msgpack.unpackb(data, object_hook=_unpacked, strict_map_key=False)
    except WireError:
        raise
    except Exception as error:  # msgpack has many kinds, some of them undocumented
        raise WireError(
            f"{len(data)} bytes are no message ({type(error).__name__}: {error}); "
            "a policy server sends msgpack maps"
        ) from error
    if not isinstance(message, dict):
        raise WireError(f"a message is a map, this is a {type(message).__name__}")
    return message


def _packed(value: object) -> object:
    if not isinstance(value, np.ndarray | np.generic):
        raise TypeError(f"{type(value).__name__}")
    if value.dtype.kind not in _KINDS:
        raise TypeError(f"an array of {value.dtype}; allowed are numbers and booleans")
    if isinstance(value, np.ndarray):
        return {
            b"__ndarray__": True,
            b"data": np.ascontiguousarray(value).data,
            b"dtype": value.dtype.str,
            b"shape": value.shape,
        }
    return {b"__npgeneric__": True, b"data": value.item(), b"dtype": value.dtype.str}


def _unpacked(value: dict[Any, Any]) -> Any:
    if b"__ndarray__" in value:
        dtype, shape = _dtype(value), value.get(b"shape")
        data = value.get(b"data")
        if not isinstance(shape, list) or not isinstance(data, bytes):
            raise WireError(f"an array of shape {shape!r:.40} without data or sizes")
        if not all(type(n) is int and n >= 0 for n in shape):
            raise WireError(f"an array of shape {shape!r:.40}; sizes are whole numbers")
        if math.prod(shape) * dtype.itemsize != len(data):
            raise WireError(
                f"an array of shape {tuple(shape)} and {dtype} has "
                f"{math.prod(shape) * dtype.itemsize} bytes, not {len(data)}"
            )
        return np.frombuffer(data, dtype).reshape(shape)
    if b"__npgeneric__" in value:
        scalar = value.get(b"data")
        if not isinstance(scalar, int | float):
            raise WireError(f"a scalar holds a number, not {scalar!r:.40}")
        return _dtype(value).type(scalar)
    return value


def _dtype(value: dict[Any, Any]) -> np.dtype[Any]:
    name = value.get(b"dtype")
    try:
        dtype = np.dtype(name) if isinstance(name, str) else None
    except TypeError:
        dtype = None
    if dtype is None or dtype.kind not in _KINDS or dtype.itemsize > 8:
        raise WireError(f"an array of {name!r:.40}; allowed are numbers and booleans")
    return dtype

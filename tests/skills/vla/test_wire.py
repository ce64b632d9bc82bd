import numpy as np
import pytest

from jouleplan.skills.vla.errors import WireError
from jouleplan.skills.vla.wire import pack, unpack

msgpack = pytest.importorskip("msgpack")
theirs = pytest.importorskip("openpi_client.msgpack_numpy")

MESSAGE = {
    "observation/image": np.arange(24, dtype=np.uint8).reshape(2, 4, 3),
    "observation/state": np.array([0.5, -1.0], dtype=np.float32),
    "prompt": "pick the blue block",
    "step": np.int64(7),
}


def same(one: dict, other: dict) -> bool:  # type: ignore[type-arg]
    return one.keys() == other.keys() and all(
        np.array_equal(one[k], other[k]) for k in one
    )


def test_a_message_comes_back_as_it_was() -> None:
    back = unpack(pack(MESSAGE))
    assert same(back, MESSAGE)
    assert back["observation/image"].dtype == np.uint8


def test_openpis_own_client_reads_ours_and_we_read_its() -> None:
    assert same(theirs.unpackb(pack(MESSAGE)), MESSAGE)
    assert same(unpack(theirs.packb(MESSAGE)), MESSAGE)


def test_an_array_that_is_not_contiguous_is_packed_right() -> None:
    image = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)[::-1, ::2]
    assert np.array_equal(unpack(pack({"a": image}))["a"], image)


def test_an_array_of_objects_is_refused() -> None:
    with pytest.raises(WireError, match="numbers"):
        pack({"a": np.array([object()])})


@pytest.mark.parametrize(
    ("array", "what"),
    [
        ({b"__ndarray__": True, b"dtype": "|O", b"shape": [1], b"data": b"x"}, "|O"),
        ({b"__ndarray__": True, b"dtype": "<f4", b"shape": [9], b"data": b"x"}, "36"),
        ({b"__ndarray__": True, b"dtype": "<f4", b"shape": [-1], b"data": b""}, "-1"),
        ({b"__ndarray__": True, b"dtype": 7, b"shape": [1], b"data": b""}, "7"),
        ({b"__npgeneric__": True, b"dtype": "<f4", b"data": "x"}, "x"),
    ],
)
def test_a_wrong_array_is_named(array: dict, what: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(WireError, match=what.replace("|", r"\|")):
        unpack(msgpack.packb({"a": array}))


@pytest.mark.parametrize("data", [b"", b"\xc1", b"hello", msgpack.packb([1])])
def test_bytes_that_are_no_message_are_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        unpack(data)

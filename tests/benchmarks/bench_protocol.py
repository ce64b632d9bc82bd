"""What openpi's protocol costs over loopback: a request with two 224 x 224 pictures.

    python -m tests.benchmarks.bench_protocol

The server runs in a process of its own and answers at once, so that the time between
is the protocol's alone; openpi's own client is timed beside ours, in turns.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from jouleplan.skills.vla.remote import RemotePolicy
from jouleplan.skills.vla.serve import serve

REQUESTS = 300
PORT = 8731


def still(_: Any) -> np.ndarray:
    """Return a chunk of 50 actions that stand still."""
    return np.zeros((50, 7), dtype=np.float32)


def _serve(ready: Any) -> None:
    serve(still, {"name": "still"}, port=PORT, on_ready=lambda _: ready.set())


def main() -> None:
    """Print milliseconds a request of both clients."""
    ready = multiprocessing.Event()
    server = multiprocessing.Process(target=_serve, args=(ready,), daemon=True)
    server.start()
    assert ready.wait(30)
    rng = np.random.default_rng(0)
    observation = {
        "observation/image": rng.integers(0, 256, (224, 224, 3), dtype=np.uint8),
        "observation/wrist_image": rng.integers(0, 256, (224, 224, 3), dtype=np.uint8),
        "observation/state": rng.normal(size=8),
        "prompt": "Pick the blue block.",
    }
    with RemotePolicy(f"openpi://127.0.0.1:{PORT}") as ours:
        clients: dict[str, Callable[[Any], Any]] = {"jouleplan": ours.infer}
        try:
            from openpi_client.websocket_client_policy import WebsocketClientPolicy

            clients["openpi-client"] = WebsocketClientPolicy("127.0.0.1", PORT).infer
        except ImportError:
            print("openpi-client is not installed; only our client is timed")
        took: dict[str, list[float]] = {name: [] for name in clients}
        for turn in range(REQUESTS + 20):
            for name, infer in clients.items():
                began = time.perf_counter()
                infer(observation)
                if turn >= 20:
                    took[name].append(1e3 * (time.perf_counter() - began))
    server.terminate()
    for name, times in took.items():
        low, middle, high = (
            statistics.quantiles(times, n=100)[p - 1] for p in (5, 50, 95)
        )
        print(
            f"{name}: {middle:.2f} ms a request (5 to 95 %: {low:.2f} to {high:.2f}), "
            f"n = {len(times)}"
        )


if __name__ == "__main__":
    main()

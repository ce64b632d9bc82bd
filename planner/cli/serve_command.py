"""`jouleplan serve`: a policy from pictures behind openpi's websocket protocol."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import signal
from collections.abc import Iterator
from typing import Any

from jouleplan.planner.cli.errors import OptionError
from jouleplan.planner.cli.options import add_common, add_source, whole
from jouleplan.planner.cli.output import ExitCode, command_line, emit, note

DESCRIPTION = """\
Serve a policy that acts from pictures and words to whoever speaks openpi's protocol,
such as `jouleplan compare --methods openpi://127.0.0.1:8000`.

Each answer is metered here, where it is made. An observation that the policy fails on
is answered with the cause, and ends that connection alone. Ctrl-C ends the server; it
then says how many observations it answered and what that took.
"""


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.description = DESCRIPTION
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "policy",
        metavar="POLICY",
        help="a name, parameters behind a question mark: 'smolvla-random?dtype=bf16'",
    )
    add_common(parser, "seed of random weights (default: 0)", None)
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on (default: 127.0.0.1, this machine alone)",
    )
    parser.add_argument(
        "--port",
        type=whole(0, 65535),
        default=8000,
        metavar="N",
        help="port; 0 takes a free one (default: 8000)",
    )
    parser.add_argument(
        "--prompt",
        default="",
        metavar="TEXT",
        help="instruction for observations that bring none",
    )
    add_source(parser)


def run(given: argparse.Namespace) -> int:
    """Serve until Ctrl-C, then say what it took."""
    from jouleplan.energy.meter import Meter
    from jouleplan.energy.sources.choice import best_source
    from jouleplan.planner.serving import MeteredPolicy, find_policy
    from jouleplan.skills.vla.serve import serve
    from jouleplan.skills.vla.wire import require_websockets

    require_websockets()  # before weights are built, which takes seconds
    policy = find_policy(_seeded(given.policy, given.seed))
    meter = Meter(best_source(given.watts_per_core, given.power_csv))
    served = MeteredPolicy(policy, meter, given.prompt)
    if not is_loopback(given.host):
        note(
            f"warning: {given.host} is not this machine alone: whoever reaches the "
            "port may use the policy, and nothing is encrypted"
        )
    address = ""

    def ready(server: Any) -> None:
        nonlocal address
        host, port = server.socket.getsockname()[:2]
        address = f"openpi://{f'[{host}]' if ':' in host else host}:{port}"
        note(f"serving {given.policy} at {address}; Ctrl-C ends it")

    with _ended_by_signals():
        try:
            serve(
                served.infer,
                served.metadata,
                host=given.host,
                port=given.port,
                on_ready=ready,
            )
        except OSError as error:
            raise OptionError(
                f"cannot listen on {given.host}, port {given.port} ({error}): give "
                "another --host or --port; --port 0 takes a free one"
            ) from error
    _report(given, address, served)
    return ExitCode.DONE


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches what listens on ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _seeded(asked: str, seed: int | None) -> str:
    if seed is None:
        return asked
    return f"{asked}{'&' if '?' in asked else '?'}seed={seed}"


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let Ctrl-C, or a request to end, leave the block."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _report(given: argparse.Namespace, address: str, served: Any) -> None:
    from jouleplan.planner.provenance import hardware, versions

    took = served.total()
    document = {
        "status": "done",
        "policy": given.policy,
        "metadata": dict(served.metadata),
        "address": address,
        "calls": served.calls,
        "failed": served.failed,
        "energy": took.as_dict(),
        "command": command_line(given.arguments),
        "hardware": hardware(),
        "versions": versions(),
    }
    joules = "unknown" if took.energy_j is None else f"{took.energy_j:.4g} J"
    text = (
        f"{served.calls} observations answered, {served.failed} failed; {joules} "
        f"({took.quality}), {took.cpu_s:.4g} CPU-seconds"
    )
    emit(document, text, given.json)

"""The command line: `jouleplan COMMAND`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code.

    Args:
        arguments: Without the program's name; None takes the process's own.
    """
    _open_streams()
    # Here, not above: worker processes import this package without needing the rest.
    from jouleplan.planner.cli.app import run

    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def _open_streams() -> None:
    """Open standard streams that came closed on nothing, so that they can be used.

    Else the next file opened would take their descriptor, and output end up in it.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # the lowest free descriptor, which is the one that is missing
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))

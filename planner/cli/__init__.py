"""The command line: `jouleplan COMMAND`."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code.

    Args:
        arguments: Without the program's name; None takes the process's own.
    """
    # Here, not above: worker processes import this package without needing the rest.
    from jouleplan.planner.cli.app import run

    sys.exit(run(sys.argv[1:] if arguments is None else arguments))

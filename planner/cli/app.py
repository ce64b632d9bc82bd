"""The commands, listed; errors, Ctrl-C and closed pipes become exit codes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module

from jouleplan.planner.cli.completion import ASKED, answer, words_before_cursor
from jouleplan.planner.cli.examples import START, epilog
from jouleplan.planner.cli.options import HelpFormatter, Parser, refuse_unknown
from jouleplan.planner.cli.output import (
    USER_ERRORS,
    ExitCode,
    abandon_stdout,
    fail,
    note,
)

COMMANDS = {
    "plan": "find a plan, execute nothing",
    "solve": "plan and execute one problem",
    "evaluate": "run many episodes",
    "compare": "run methods on the same scenes, and say what each costs",
    "report": "write a ledger as a report: HTML, Markdown, JSON, CSV",
    "bind": "propose a domain.toml for a PDDL domain",
    "check": "lint a domain folder on the scenes of its problems",
    "new": "lay out a folder for a domain",
    "generate": "write new problems of a domain, verified",
    "learn-domain": "learn operators from transitions, as PDDL",
    "learn-costs": "learn joules, seconds and failures of operators from a ledger",
    "collect": "collect demonstrations for policies that act from pictures",
    "collect-play": "collect play for goal-conditioned options",
    "serve": "serve a policy from pictures over openpi's protocol",
    "train": "train a skill's policy, or all; or an option on play",
    "ledger": "show, merge or export ledgers",
    "domains": "list the shipped domains",
    "engines": "list the planning engines",
    "skills": "list skills and trained policies",
    "doctor": "check this installation",
    "completion": "print what makes a shell complete commands and names",
}
"""Command -> what it does. Its module `<command>_command` (`_` for `-`) is imported
when it is asked for, and holds ``fill(parser)`` and ``run(given)``."""

_EXIT_CODES = """\
exit codes: 0 done, 1 executed but goal not reached, 2 bad input, 3 proven
unsolvable, 4 the engine gave up, 130 interrupted"""

RESUMED = ("train", "collect", "collect-play")
"""Commands that go on where they were interrupted, ledger or not."""


def parser(arguments: Sequence[str] = tuple(COMMANDS)) -> Parser:
    """Return the parser of the command line; only commands in ``arguments`` in full."""
    root = Parser(
        prog="jouleplan",
        description="Plan in symbols, act with learned skills, count every joule.",
        epilog=_EXIT_CODES,
        formatter_class=HelpFormatter,
    )
    root.add_argument(
        "--version", action="store_true", help="print the version and exit"
    )
    subparsers = root.add_subparsers(dest="command", metavar="COMMAND")
    for name, what in COMMANDS.items():
        command = subparsers.add_parser(
            name,
            help=what,
            description=what,
            epilog=epilog(name),
            formatter_class=HelpFormatter,
        )
        if name in arguments:
            stem = name.replace("-", "_")
            module = import_module(f"jouleplan.planner.cli.{stem}_command")
            module.fill(command)
            command.set_defaults(run=module.run)
    return root


def run(arguments: Sequence[str]) -> int:
    """Run the command; return the exit code."""
    try:
        return _run_told(arguments)
    except BrokenPipeError:
        abandon_stdout()  # who read it has gone
        return ExitCode.BROKEN_PIPE
    except (KeyboardInterrupt, ImportError) as error:
        if not _interrupted(error):
            raise
        kept = "--ledger" in arguments or arguments[0] in RESUMED
        note(
            "interrupted; what was recorded is kept, and the same command goes on"
            if kept
            else "interrupted"
        )
        return ExitCode.INTERRUPTED


def _run_told(arguments: Sequence[str]) -> int:
    """Run the command; tell what the user can mend, and return its exit code."""
    try:
        return _run(arguments)
    except BrokenPipeError:
        raise
    except USER_ERRORS as error:
        if _interrupted(error):
            raise KeyboardInterrupt from error
        return fail(error, "--json" in arguments)


def _interrupted(error: BaseException) -> bool:
    """Return whether Ctrl-C is at the root of an error.

    A compiled library that is interrupted while it loads reports a failed import.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, KeyboardInterrupt):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _run(arguments: Sequence[str]) -> int:
    if ASKED in os.environ:
        answer(parser(words_before_cursor()))
    root = parser(arguments)
    given, left = root.parse_known_args(arguments)
    if left:
        refuse_unknown(root, given.command, left)
    if given.version:
        from importlib.metadata import version

        print(version("jouleplan"))
        return ExitCode.DONE
    if given.command is None:
        print(START, end="")
        return ExitCode.BAD_INPUT
    given.arguments = list(arguments)
    return int(given.run(given))

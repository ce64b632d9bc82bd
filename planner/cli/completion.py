"""Completion: what the shell offers when a user presses TAB."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from jouleplan.planner.cli.errors import MissingExtraError

if TYPE_CHECKING:
    from jouleplan.planner.cli.options import Parser

SHELLS: Final = ("bash", "zsh", "fish")
"""Shells that can ask."""

ASKED: Final = "_ARGCOMPLETE"
"""Variable of the environment by which a shell asks, instead of running a command."""

Completer = Callable[..., Iterable[str]]


def script(shell: str) -> str:
    """Return what a shell has to read to complete our command.

    Args:
        shell: One of ``SHELLS``.

    Raises:
        MissingExtraError: argcomplete is not installed.
    """
    try:
        from argcomplete.shell_integration import shellcode
    except ImportError as error:
        raise MissingExtraError(
            "completion needs argcomplete: pip install argcomplete"
        ) from error
    return str(shellcode(["jouleplan"], shell=shell))


def words_before_cursor() -> list[str]:
    """Return the words of the line that the shell asks about."""
    return os.environ.get("COMP_LINE", "").split()


def answer(parser: Parser) -> None:
    """Tell the shell what may follow, and end the process."""
    import argcomplete

    for one in _below(parser):
        for action in one._actions:
            completer = _COMPLETERS.get(action.dest)
            if completer is not None:
                action.completer = completer  # type: ignore[attr-defined]
    argcomplete.autocomplete(parser, always_complete_options=False)


def _below(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """Return ``parser`` and the parsers of the commands below it."""
    found = [parser]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                found += _below(one)
    return found


def _domains(prefix: str, **_: object) -> list[str]:
    from jouleplan.domains.catalogue import domain_names

    return [*domain_names(), *_files(prefix)]


def _problems(prefix: str, parsed_args: argparse.Namespace, **_: object) -> list[str]:
    from jouleplan.domains.catalogue import find_domain
    from jouleplan.domains.errors import DomainError

    given = getattr(parsed_args, "domain", None) or "".join(
        getattr(parsed_args, "domains", ())[:1]
    )
    try:
        return [*find_domain(given or "").problems, *_files(prefix)]
    except DomainError:
        return _files(prefix)


def _engines(**_: object) -> list[str]:
    from jouleplan.planner.options import ENGINE_CHOICES

    return list(ENGINE_CHOICES)


def _methods(prefix: str, **_: object) -> list[str]:
    from jouleplan.planner.methods.registry import METHODS

    return _after_comma(prefix, METHODS)


def _domain_lists(prefix: str, **_: object) -> list[str]:
    from jouleplan.domains.catalogue import domain_names

    return _after_comma(prefix, domain_names())


def _after_comma(prefix: str, names: Iterable[str]) -> list[str]:
    head, comma, _ = prefix.rpartition(",")
    return [f"{head}{comma}{name}" for name in names]


def _robots(**_: object) -> list[str]:
    from jouleplan.domains.robots.registry import ROBOTS

    return list(ROBOTS)


def _trained(**_: object) -> list[str]:
    from jouleplan.planner.cli.train_option import ALGORITHMS
    from jouleplan.skills.stages import STAGES

    return [*STAGES, "all", *ALGORITHMS]


def _files(prefix: str) -> list[str]:
    from argcomplete.completers import FilesCompleter

    return list(FilesCompleter()(prefix))


_COMPLETERS: Final[dict[str, Completer]] = {
    "domain": _domains,
    "problem": _problems,
    "problems": _problems,
    "domains": _domain_lists,
    "engine": _engines,
    "methods": _methods,
    "robot": _robots,
    "skill": _trained,
}
"""Name of an argument -> what may stand there; others take their choices or files."""

"""Options that several commands share, and the types of their values."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from jouleplan.domains.errors import meant, near_matches
from jouleplan.domains.skill_sets import SKILL_SETS
from jouleplan.planner.cli.errors import OptionError

if TYPE_CHECKING:
    from jouleplan.planner.costs import Costs

PHYSICS = ("avoid", "ignore")
"""What ``--physics`` may be."""

_COMMON: Final = ("--json", "--seed")
"""Options that every command takes, and `jouleplan` before the command does not."""

HelpFormatter = argparse.RawDescriptionHelpFormatter
"""Leaves examples as they are."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are ours, so that ``--json`` gets them as JSON."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Raise where ``value`` is none of the choices; name those that are near."""
        if action.choices is not None and value not in action.choices:
            choices = [str(one) for one in action.choices]
            raise argparse.ArgumentError(
                action,
                f"invalid choice: {value!r}; {meant(str(value), choices)}There are "
                f"{', '.join(choices)}",
            )

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong and how the command is used."""
        if message.startswith("argument "):  # it says itself what is allowed
            raise OptionError(f"{message}; see `{self.prog} --help`")
        raise OptionError(f"{message}\n{self.format_usage().rstrip()}")


def refuse_unknown(
    root: argparse.ArgumentParser, command: str | None, unknown: Sequence[str]
) -> NoReturn:
    """Raise that nothing takes the ``unknown`` arguments; name options that are near.

    Args:
        root: The parser of all commands.
        command: The one given, if any.
        unknown: What was left over.

    Raises:
        OptionError: Always.
    """
    commands: dict[str, argparse.ArgumentParser] = {}
    for action in root._actions:
        if isinstance(action, argparse._SubParsersAction):
            commands = action.choices
    parser = root if command is None else commands[command]
    known = parser._option_string_actions
    asked = [word.partition("=")[0] for word in unknown if word.startswith("--")]
    before = [word for word in asked if word in known or word in _COMMON]
    near = [found[0] for word in asked if (found := _alike(word, known))]
    hint = ""
    if before:
        place = command or "the command"
        hint = f"; write {' '.join(dict.fromkeys(before))} behind {place}"
    elif near:
        hint = f"; did you mean {' or '.join(dict.fromkeys(near))}?"
    parser.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")


def _alike(word: str, known: Iterable[str]) -> list[str]:
    names = [name[2:] for name in known if name.startswith("--")]
    return [f"--{name}" for name in near_matches(word[2:], names)]


def add_common(parser: argparse.ArgumentParser, seed: str, default: int | None) -> None:
    """Add ``--json`` and ``--seed``, which every command takes."""
    parser.add_argument(
        "--json", action="store_true", help="print one JSON document on stdout"
    )
    parser.add_argument(
        "--seed", type=whole(0), default=default, metavar="N", help=seed
    )


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Add ``--engine``, the limits of planning, and ``--costs``."""
    parser.add_argument(
        "--engine",
        default="auto",
        metavar="NAME",
        help="planning engine, see `jouleplan engines` (default: auto)",
    )
    parser.add_argument(
        "--time-limit",
        type=above_zero,
        default=30.0,
        metavar="S",
        help="wall seconds for each planning (default: 30)",
    )
    parser.add_argument(
        "--memory-limit",
        type=whole(64),
        default=4096,
        metavar="MB",
        help="memory of an engine's processes together (default: 4096)",
    )
    parser.add_argument(
        "--costs",
        type=Path,
        metavar="FILE",
        help="TOML file of what operators cost, to minimise instead of the metric",
    )
    parser.add_argument(
        "--minimise",
        choices=("energy", "time", "failures"),
        help="which costs of --costs FILE, as `jouleplan learn-costs` writes them",
    )


def given_costs(given: argparse.Namespace) -> Costs | None:
    """Return the costs of ``--costs``, read."""
    if given.costs is None:
        if given.minimise is not None:
            raise OptionError(
                f"--minimise {given.minimise} needs --costs FILE; `jouleplan "
                "learn-costs LEDGER -o FILE` writes one"
            )
        return None
    from jouleplan.planner.costs import read_costs

    return read_costs(given.costs, given.minimise)


def add_run(parser: argparse.ArgumentParser) -> None:
    """Add what an executed run takes."""
    add_engine(parser)
    add_robot(parser)
    parser.add_argument(
        "--skills",
        choices=SKILL_SETS,
        default=SKILL_SETS[0],
        help="what picks and places: a policy a stage, or a goal-conditioned option "
        f"(default: {SKILL_SETS[0]})",
    )
    parser.add_argument(
        "--policies",
        type=Path,
        metavar="DIR",
        help="folder of policies to use instead of the shipped ones",
    )
    parser.add_argument(
        "--disturb",
        type=share,
        default=0.0,
        metavar="P",
        help="probability, an operator, that an outside hand acts (default: 0)",
    )
    parser.add_argument(
        "--ledger", type=Path, metavar="FILE", help="SQLite file to record into"
    )
    parser.add_argument(
        "--physics",
        choices=PHYSICS,
        default=PHYSICS[0],
        help="whether to plan around what the arm cannot take, carry or reach "
        "(default: avoid)",
    )
    add_source(parser)
    parser.add_argument(
        "--emissions",
        type=Path,
        metavar="DIR",
        help="also keep CodeCarbon's emissions.csv in DIR",
    )


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add what joules may rest on instead of a sensor or a table."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--watts-per-core",
        type=above_zero,
        metavar="W",
        help="power of one busy CPU for the estimate, instead of a sensor or a table",
    )
    source.add_argument(
        "--power-csv",
        type=Path,
        metavar="FILE",
        help="file that a power meter writes meanwhile, lines of a time and watts",
    )


def add_robot(parser: argparse.ArgumentParser) -> None:
    """Add ``--robot``."""
    parser.add_argument(
        "--robot",
        type=robot,
        default="panda",
        metavar="ARM",
        help="panda, kuka or xarm (default: panda)",
    )


def robot(text: str) -> str:
    """Return the name of an arm that there is."""
    from jouleplan.domains.robots.registry import find_robot

    try:
        return find_robot(text).name
    except LookupError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


LARGEST: Final = 10**15
"""Of whole numbers: a ledger's integers have 64 bits, and there is arithmetic left."""

_MOST: Final = 1e9
"""Of seconds and watts: the system's clocks and sums of joules still hold it."""


def whole(least: int, most: int = LARGEST) -> Callable[[str], int]:
    """Return the type of whole numbers from ``least`` to ``most``."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise argparse.ArgumentTypeError(
                f"{text!r}: give a whole number of at least {least}"
            )
        if value > most:
            raise argparse.ArgumentTypeError(
                f"{text!r}: give a whole number of at most {most}"
            )
        return value

    return read


def above_zero(text: str) -> float:
    """Return a positive number that can be reckoned with: of watts or seconds."""
    value = _number(text)
    if not 0 < value <= _MOST:
        raise argparse.ArgumentTypeError(
            f"{text!r}: give a number above 0, at most {_MOST:,.0f}"
        )
    return value


def share(text: str) -> float:
    """Return a number from 0 to 1."""
    value = _number(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r}: give a number from 0 to 1")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan

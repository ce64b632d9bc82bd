"""Generation: new problems of a domain, all different, each verified.

A drawn problem whose goal holds, that was drawn before, or that cannot be verified, is
drawn again.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np

from jouleplan.domains.errors import BindingError, GenerationError, ProblemSizeError
from jouleplan.planner.errors import MisfitError
from jouleplan.planner.source import Source
from jouleplan.planner.task import SymbolicTask
from jouleplan.planner.verification import ENGINE, NO_ROOM, planned, verify

DRAWS: Final = 1000
"""Draws in a row without a problem that is both open and new: there are no more."""
MISFITS: Final = 20
"""Draws for one problem that could not be verified: the size is at fault."""
SIZE_DRAWS: Final = 3
"""Draws that tell whether the table has room for problems of another size."""
FAULTS_SHOWN: Final = 3
"""A size that is much too large has a fault for every object."""
SIZES: Final = (1, 100)
"""Sizes that are drawn at all; a table holds fewer things than that."""


@dataclass(frozen=True, slots=True)
class Generated:
    """A problem that was verified.

    Attributes:
        name: Of the problem: domain, size, seed and its number.
        pddl: The problem file's text.
        plan_length: Operators of the plan that was found; a shorter one may exist.
        objects: Number of objects.
        redrawn: Why problems drawn for it were not taken -> how many.
    """

    name: str
    pddl: str
    plan_length: int
    objects: int
    redrawn: Mapping[str, int] = field(default_factory=dict)


def generate(source: Source) -> Iterator[Generated]:
    """Yield verified problems, all different, for as long as there are any.

    How many are taken does not change which they are.

    Raises:
        ProblemSizeError: The domain cannot have this size; says which it can.
        GenerationError: There are no more, or none of many draws could be verified.
        UnboundDomainError: The domain has no domain.toml.
        MissingEngineError: The engine's package is missing.
    """
    _check_size(source)
    rng = np.random.default_rng((source.seed, 3))
    seen: set[tuple[object, ...]] = set()
    with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
        for number in count(1):
            file = Path(folder) / f"{source.name(number)}.pddl"
            redrawn: Counter[str] = Counter()
            drawn, length = _next(source, rng, file, seen, redrawn)
            yield Generated(
                source.name(number),
                _comment(source, number, length) + file.read_text(encoding="utf-8"),
                length,
                len(drawn.problem.objects),
                dict(redrawn),
            )


def draw(source: Source, rng: np.random.Generator, file: Path) -> SymbolicTask:
    """Return one verified problem, written to ``file``.

    It is the first that the generator makes from ``rng``, unless that one cannot be
    verified.

    Raises:
        DomainError: As ``generate``.
        UnboundDomainError: The domain has no domain.toml.
        MissingEngineError: The engine's package is missing.
    """
    _check_size(source)
    return _next(source, rng, file, set(), Counter())[0]


def _check_size(source: Source) -> None:
    """Raise where problems of a size are not drawn at all."""
    if not SIZES[0] <= source.size <= SIZES[1]:
        raise ProblemSizeError(
            f"a problem of size {source.size} is not drawn; give {SIZES[0]} to "
            f"{SIZES[1]}"
        )


def _next(
    source: Source,
    rng: np.random.Generator,
    file: Path,
    seen: set[tuple[object, ...]],
    redrawn: Counter[str],
) -> tuple[SymbolicTask, int]:
    """Return the next verified problem, in ``file``, and the length of its plan."""
    idle = misfits = 0
    while idle < DRAWS:
        drawn = source.draw(rng, file)
        problem = drawn.problem
        key = (*sorted(problem.objects.items()), problem.init, problem.goal)
        holds = problem.satisfied(problem.init)
        if holds or key in seen:
            redrawn["goal holds" if holds else "drawn before"] += 1
            idle += 1
            continue
        idle = 0
        seen.add(key)
        try:
            return drawn, verify(drawn, source.seed)
        except BindingError as error:
            raise ProblemSizeError(
                f"a {source.domain.name} problem of size {source.size} cannot be laid "
                f"out: {_first(error.faults)}. {_allowed(source)}"
            ) from None
        except MisfitError as misfit:
            redrawn[misfit.kind] += 1
            misfits += 1
            if misfits == MISFITS:
                raise GenerationError(_fault(source, misfit)) from None
    raise GenerationError(
        f"there are no more {source.domain.name} problems of size {source.size}: the "
        f"last {DRAWS} draws gave none that is new and has an open goal; "
        f"{len(seen)} were different; ask for fewer or for a larger size"
    )


def _first(faults: Sequence[str]) -> str:
    """Return the first faults, and how many there are beside: one for each object."""
    more = len(faults) - FAULTS_SHOWN
    return "; ".join(faults[:FAULTS_SHOWN]) + (f"; and {more} more" if more > 0 else "")


def _fault(source: Source, misfit: MisfitError) -> str:
    """Return what to say where draw after draw could not be verified."""
    said = (
        f"none of {MISFITS} {source.domain.name} problems of size {source.size} could "
        f"be verified; the last: {misfit}"
    )
    return f"{said}. {_allowed(source)}" if misfit.kind == NO_ROOM else said


def _allowed(source: Source) -> str:
    """Return which sizes below the given one there are problems of, as a sentence."""
    least = next((n for n in range(1, source.size) if _fits(source, n)), None)
    if least is None:
        return "No smaller size has room either"
    most, beyond = least, source.size
    while beyond - most > 1:
        middle = (most + beyond) // 2
        most, beyond = (middle, beyond) if _fits(source, middle) else (most, middle)
    return f"Sizes {least} to {most} have room: give one of these"


def _fits(source: Source, size: int) -> bool:
    """Return whether one of a few problems of a size has room all the way."""
    rng, other = np.random.default_rng(0), replace(source, size=size)
    with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
        for _ in range(SIZE_DRAWS):
            try:
                planned(other.draw(rng, Path(folder) / "problem.pddl"), source.seed)
            except (BindingError, ProblemSizeError):
                return False  # of the size, not of the draw
            except MisfitError:
                continue
            return True
    return False


def _comment(source: Source, number: int, length: int) -> str:
    """Return the lines at the head of a problem's file."""
    operators = "1 operator" if length == 1 else f"{length} operators"
    return (
        f"; Problem {number} of jouleplan generate {source.domain.name} "
        f"--size {source.size} --seed {source.seed}.\n"
        f"; A plan of {operators} is known, by {ENGINE}; a shorter one may exist.\n"
    )

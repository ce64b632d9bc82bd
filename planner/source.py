"""Source: a domain whose problems are drawn from a generator, by size and seed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jouleplan.domains.catalogue import DomainFiles, find_domain
from jouleplan.domains.errors import UnknownNameError
from jouleplan.domains.generate import GENERATORS, VARIANTS, Generator
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.symbols import Domain
from jouleplan.planner.task import SymbolicTask


@dataclass(frozen=True, slots=True)
class Source:
    """Where problems come from.

    Attributes:
        files: The domain's files.
        domain: The domain as read.
        make: Its generator.
        size: Of every problem, as the generator counts it.
        seed: Of the drawing, and of the scenes.
    """

    files: DomainFiles
    domain: Domain
    make: Generator
    size: int
    seed: int

    def name(self, number: int) -> str:
        """Return the name of the problem with a number, from 1."""
        return f"{self.domain.name}-{self.size}-{self.seed}-{number:03d}"

    def draw(self, rng: np.random.Generator, file: Path) -> SymbolicTask:
        """Return a problem as the generator makes it, written to ``file``.

        The problem is named after the file.

        Raises:
            ProblemSizeError: The generator makes none of this size.
        """
        text = re.sub(
            r"\(problem\s+[^\s()]+\s*\)",
            f"(problem {file.stem})",
            self.make(self.size, rng),
            count=1,
        )
        file.write_text(text, encoding="utf-8")
        problem = read_problem(file, self.domain)
        return SymbolicTask(self.files, self.domain, problem, file)


def source_of(name_or_path: str, size: int, seed: int, variant: str = "") -> Source:
    """Return the source of problems of a domain.

    Args:
        name_or_path: A shipped name or the path of a domain.
        size: Of every problem.
        seed: Of the drawing, and of the scenes.
        variant: One of the domain's ``VARIANTS``; empty takes its usual generator.

    Raises:
        UnknownNameError: There is no such domain, no generator for it, or no such
            variant.
        PddlError: The domain cannot be read.
    """
    try:
        files = find_domain(name_or_path)
        domain = read_domain(files.domain_pddl)
        make = GENERATORS[domain.name]
    except (UnknownNameError, KeyError):
        raise UnknownNameError(
            "domain with a generator",
            name_or_path,
            GENERATORS,
            "Problems of any other domain are written by hand.",
        ) from None
    variants = VARIANTS.get(domain.name, {})
    if variant and variant not in variants:
        raise UnknownNameError(
            f"variant of {domain.name}'s problems", variant, variants
        )
    return Source(files, domain, variants.get(variant, make), size, seed)

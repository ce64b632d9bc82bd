"""Task: a domain, a problem and what ties them to physics, read from their files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jouleplan.domains.binding import Binding, read_binding
from jouleplan.domains.catalogue import DomainFiles, find_domain, find_problem
from jouleplan.domains.facts import facts_of
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.symbols import Domain, Problem
from jouleplan.planner.errors import UnboundDomainError


@dataclass(frozen=True, slots=True)
class SymbolicTask:
    """A domain and a problem as read.

    Attributes:
        files: The domain's files.
        domain: The domain.
        problem: The problem.
        problem_pddl: The file ``problem`` was read from.
    """

    files: DomainFiles
    domain: Domain
    problem: Problem
    problem_pddl: Path

    @property
    def name(self) -> str:
        """Name of the domain."""
        return self.domain.name

    @property
    def problem_name(self) -> str:
        """Name of the problem's file, without its ending."""
        return self.problem_pddl.stem


@dataclass(frozen=True, slots=True)
class Task(SymbolicTask):
    """A task that can be carried out.

    Attributes:
        binding: Bodies, classifiers and skills.
    """

    binding: Binding


def read_symbolic(domain: str, problem: str) -> SymbolicTask:
    """Return the task of a domain and a problem, each a shipped name or a path.

    Raises:
        DomainError: Either is unknown or cannot be read.
    """
    files = find_domain(domain)
    problem_pddl = find_problem(files, problem)
    read = read_domain(files.domain_pddl)
    return SymbolicTask(files, read, read_problem(problem_pddl, read), problem_pddl)


def bind(task: SymbolicTask) -> Task:
    """Return ``task`` with its binding, linted.

    Raises:
        UnboundDomainError: The domain has no domain.toml.
        BindingError: It does not fit.
        InitialStateError: No arrangement of bodies shows `:init`.
    """
    toml = task.files.domain_toml
    if toml is None:
        raise UnboundDomainError(task.name, task.files.domain_pddl.parent)
    binding = read_binding(toml, task.domain, task.problem)
    facts_of(task.problem.init, binding, task.problem)
    return Task(task.files, task.domain, task.problem, task.problem_pddl, binding)


def read_task(domain: str, problem: str) -> Task:
    """Return a task that can be carried out; see ``read_symbolic`` and ``bind``."""
    return bind(read_symbolic(domain, problem))

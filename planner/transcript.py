"""Transcript: the operators of an episode that succeeded, with the sensed states."""

from __future__ import annotations

from collections.abc import Iterator

from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.model import Fact
from jouleplan.domains.language.problem_file import read_problem_model
from jouleplan.domains.learning.write import signature_line, transition_line
from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.planner.task import Task


class Transcript:
    """Writes down transitions as `jouleplan learn-domain` reads them.

    Args:
        task: What is carried out.
    """

    def __init__(self, task: Task) -> None:
        self._static = task.domain.static_predicates()
        domain = read_domain_model(task.files.domain_pddl)
        problem = read_problem_model(task.problem_pddl, domain)
        self._lines = [signature_line(domain, problem, self._static)]

    @property
    def signature(self) -> str:
        """The line that declares the names."""
        return self._lines[0]

    @property
    def text(self) -> str:
        """The names, then one transition a line; empty where there is none."""
        if len(self._lines) == 1:
            return ""
        return "\n".join((*self._lines, ""))

    def __call__(self, before: State, operator: GroundOperator, after: State) -> None:
        """Take down one operator whose effects were sensed."""
        self._lines.append(
            transition_line(
                _facts(before),
                operator.name,
                operator.objects,
                _facts(after),
                self._static,
            )
        )


def _facts(state: State) -> Iterator[Fact]:
    for atom in state:
        yield (atom.predicate, *atom.objects)

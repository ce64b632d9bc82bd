"""Lowered: a task rewritten so that more engines take it, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jouleplan.domains.language.model import DomainModel, ProblemModel
from jouleplan.domains.language.plan import Plan


def as_it_is(plan: Plan) -> Plan:
    """Return ``plan``: what a rewriting that keeps all operators needs."""
    return plan


@dataclass(frozen=True, slots=True)
class Lowered:
    """A rewritten task.

    Its models' features are those of the task before; they are worked out anew when the
    text is read.

    Attributes:
        domain: The domain.
        problem: The problem.
        restore: Turns its plans into plans of the task before.
        exact: Whether what is proven of it (a best plan, no plan) is proven of the task
            before.
        note: What a user should know; empty if nothing.
    """

    domain: DomainModel
    problem: ProblemModel
    restore: Callable[[Plan], Plan] = as_it_is
    exact: bool = True
    note: str = ""


class LoweringError(Exception):
    """A task that a rewriting does not cover; its message names the obstacle."""

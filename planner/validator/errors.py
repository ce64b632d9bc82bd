"""Why a plan is not valid; ``validate`` returns these as reasons."""

from __future__ import annotations

from jouleplan.planner.errors import PlannerError


class InvalidPlanError(PlannerError, ValueError):
    """A plan that cannot be carried out, or does not reach the goal."""


class UndefinedNumberError(PlannerError, LookupError):
    """A number is read that has no value, or a division is by zero."""


class NotValidatedError(PlannerError, NotImplementedError):
    """A part of a task that the validator has no semantics for."""

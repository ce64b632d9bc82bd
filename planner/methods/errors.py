"""Errors of the methods."""

from __future__ import annotations

from jouleplan.planner.errors import PlannerError


class MethodError(PlannerError, ValueError):
    """A method is unknown, or its parameters or its address do not fit."""

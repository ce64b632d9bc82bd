"""Errors of the command line."""

from __future__ import annotations

from jouleplan.planner.errors import PlannerError


class OptionError(PlannerError, ValueError):
    """An argument or option that does not fit."""


class DisplayError(PlannerError, RuntimeError):
    """A window was asked for where there is no display."""


class MissingExtraError(PlannerError, ImportError):
    """A command needs an extra that is not installed."""

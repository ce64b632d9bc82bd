"""A task without its metric: any plan is as good, its cost is only told."""

from __future__ import annotations

from dataclasses import replace

from jouleplan.domains.language.model import TaskModel
from jouleplan.planner.lowering.lowered import Lowered


def unmeasured(task: TaskModel) -> Lowered:
    """Return ``task`` without metric."""
    return Lowered(
        task.domain,
        replace(task.problem, metric=None),
        exact=False,
        note=(
            "no engine here optimises the task's metric: the plan is valid, its cost "
            "only stated"
        ),
    )

"""Independent validation of plans, and the semantics of PDDL that it is made of."""

from jouleplan.planner.validator.effects import Changes, apply, changes_of
from jouleplan.planner.validator.errors import (
    InvalidPlanError,
    NotValidatedError,
    UndefinedNumberError,
)
from jouleplan.planner.validator.goal import Verdict
from jouleplan.planner.validator.numbers import NumberChange, order
from jouleplan.planner.validator.states import (
    evaluate,
    holds,
    initial_state,
    step_effects,
)
from jouleplan.planner.validator.steps import bound
from jouleplan.planner.validator.validate import (
    NOT_VALIDATED,
    takes_time,
    trace,
    validate,
)
from jouleplan.planner.validator.world import Binding, World, WorldState

__all__ = [
    "NOT_VALIDATED",
    "Binding",
    "Changes",
    "InvalidPlanError",
    "NotValidatedError",
    "NumberChange",
    "UndefinedNumberError",
    "Verdict",
    "World",
    "WorldState",
    "apply",
    "bound",
    "changes_of",
    "evaluate",
    "holds",
    "initial_state",
    "order",
    "step_effects",
    "takes_time",
    "trace",
    "validate",
]

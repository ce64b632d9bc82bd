"""Why a condition does not hold: its smallest part that fails."""

from __future__ import annotations

from jouleplan.domains.language.model import And, Compare, Condition, Forall
from jouleplan.planner.validator.errors import UndefinedNumberError
from jouleplan.planner.validator.text import condition_text, number_text
from jouleplan.planner.validator.world import Binding, World


def why(world: World, condition: Condition, binding: Binding) -> str:
    """Return what is not as ``condition`` asks, which does not hold in ``world``."""
    match condition:
        case And(parts):
            for part in parts:
                if not world.holds(part, binding):
                    return why(world, part, binding)
        case Forall(parameters, part):
            for found in world.solutions(parameters, part, binding, False, True):
                return why(world, part, found)
        case Compare(_, left, right):
            text = condition_text(condition, binding)
            try:
                values = [world.evaluate(side, binding) for side in (left, right)]
            except UndefinedNumberError as fault:
                return f"{text} does not hold: {fault}"
            first, second = map(number_text, values)
            return f"{text} does not hold: {first} and {second}"
    return f"{condition_text(condition, binding)} does not hold"

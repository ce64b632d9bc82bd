"""HIQL: one value, a policy of way points above a policy of actions.

Source: Park et al., HIQL, arXiv:2307.11949, sec. 4 and 5. The way point is predicted
in goal space, not in a learned representation, so that it can be logged and drawn.
"""

from __future__ import annotations

from torch import Tensor, cat, nn

from jouleplan.skills.gcrl.learning.learner import (
    Learner,
    Settings,
    Sizes,
    Tensors,
    as_goal,
)
from jouleplan.skills.gcrl.learning.networks import (
    Perceptron,
    advantage_weight,
    squared_error,
)
from jouleplan.skills.gcrl.learning.value import First, Pair, Value, worth


class Hierarchy(nn.Module):
    """What HIQL deploys.

    Args:
        high: Way point of a state and a goal.
        low: Action of a state and a way point.
        value: V.
        sizes: Say how a way point is seen as a goal.
    """

    def __init__(
        self, high: nn.Module, low: nn.Module, value: nn.Module, sizes: Sizes
    ) -> None:
        """Keep them."""
        super().__init__()
        self.high, self.low, self.sizes = high, low, sizes
        self.value = First(value) if isinstance(value, Pair) else value

    def forward(self, state: Tensor, goal: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return (action (1, a), way point (1, bare goal), value (1, 1))."""
        way_point = self.high(cat((state, goal), -1))
        seen = as_goal(way_point, self.sizes)
        action = self.low(cat((state, seen), -1)).clamp(-1.0, 1.0)
        return action, way_point, worth(self.value, state, goal)


class Hiql(Learner):
    """A hierarchical policy; both levels are extracted from the same V.

    Args:
        sizes: Of its networks.
        settings: Both temperatures: alpha below, beta above.
    """

    def __init__(self, sizes: Sizes, settings: Settings) -> None:
        """Draw value, high and low level."""
        inputs, hidden = sizes.observation + sizes.goal, settings.hidden
        self._sizes, self._settings = sizes, settings
        self._value = Value(sizes, settings)
        self._high = Perceptron((inputs, *hidden, sizes.bare_goal), normalise=False)
        self._low = Perceptron((inputs, *hidden, sizes.action), normalise=False)
        super().__init__(
            {"value": self._value.network, "high": self._high, "low": self._low},
            (self._value.target,),
            settings.learning_rate,
        )

    def losses(self, batch: Tensors) -> dict[str, Tensor]:
        """Return L_V and the losses of both levels."""
        goal = batch.actor_goal
        next_near, near, far, now = self._value.of(
            (batch.next_state, batch.near_next),
            (batch.state, batch.near),
            (batch.far_state, batch.actor_goal_far),
            (batch.state, goal),
        )
        low = squared_error(
            self._low(cat((batch.state, batch.near), -1)),
            batch.action,
            advantage_weight(next_near - near, self._settings.temperature),
        )
        high = squared_error(
            self._high(cat((batch.state, goal), -1)),
            batch.far_goal,
            advantage_weight(far - now, self._settings.bootstrap),
        )
        return {"value": self._value.loss(batch), "low": low, "high": high}

    def deployed(self) -> nn.Module:
        """Return both levels and the value."""
        return Hierarchy(self._high, self._low, self._value.network, self._sizes)

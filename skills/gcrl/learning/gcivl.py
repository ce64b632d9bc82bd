"""GCIVL: V by expectile regression, a flat policy by advantage-weighted imitation.

Source: the goal-conditioned, action-free variant of IQL (Kostrikov et al.,
arXiv:2110.06169) in OGBench, arXiv:2410.20092: tau 0.9, alpha 10.
"""

from __future__ import annotations

from torch import Tensor, cat, nn

from jouleplan.skills.gcrl.learning.learner import (
    Learner,
    Settings,
    Sizes,
    Tensors,
)
from jouleplan.skills.gcrl.learning.networks import (
    Perceptron,
    advantage_weight,
    squared_error,
)
from jouleplan.skills.gcrl.learning.value import Flat, Value


class Gcivl(Learner):
    """A flat policy that prefers what V shows to lead on.

    Args:
        sizes: Of its networks.
        settings: All but ``bootstrap``, ``cloning`` and ``latent``.
    """

    def __init__(self, sizes: Sizes, settings: Settings) -> None:
        """Draw value and policy."""
        inputs = sizes.observation + sizes.goal
        self._value, self._alpha = Value(sizes, settings), settings.temperature
        self._policy = Perceptron(
            (inputs, *settings.hidden, sizes.action), normalise=False
        )
        super().__init__(
            {"value": self._value.network, "policy": self._policy},
            (self._value.target,),
            settings.learning_rate,
        )

    def losses(self, batch: Tensors) -> dict[str, Tensor]:
        """Return L_V and the loss of weighted imitation."""
        goal = batch.actor_goal
        later, now = self._value.of(
            (batch.next_state, batch.actor_goal_next), (batch.state, goal)
        )
        mean = self._policy(cat((batch.state, goal), -1))
        weight = advantage_weight(later - now, self._alpha)
        return {
            "value": self._value.loss(batch),
            "policy": squared_error(mean, batch.action, weight),
        }

    def deployed(self) -> nn.Module:
        """Return policy and value."""
        return Flat(self._policy, self._value.network)

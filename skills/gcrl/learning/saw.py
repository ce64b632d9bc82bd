"""SAW: a flat policy bootstrapped from policies of way points, by their advantage.

Source: Zhou and Kao, Flattening hierarchies with policy bootstrapping,
arXiv:2505.14975: L_sub, L_AWR and L_boot; only the flat policy is deployed.
"""

from __future__ import annotations

import torch
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


class Saw(Learner):
    """A flat policy that imitates the one for near goals.

    Args:
        sizes: Of its networks.
        settings: alpha for imitation, beta for bootstrapping; with beta 0 every way
            point would count alike, so that 0 switches it off and AWR is left.
    """

    def __init__(self, sizes: Sizes, settings: Settings) -> None:
        """Draw value, the policy of way points and the flat one."""
        inputs = sizes.observation + sizes.goal
        shape = (inputs, *settings.hidden, sizes.action)
        self._settings, self._value = settings, Value(sizes, settings)
        self._near = Perceptron(shape, normalise=False)
        self._policy = Perceptron(shape, normalise=False)
        super().__init__(
            {"value": self._value.network, "near": self._near, "policy": self._policy},
            (self._value.target,),
            settings.learning_rate,
        )

    def losses(self, batch: Tensors) -> dict[str, Tensor]:
        """Return L_V, L_sub, L_AWR and L_boot."""
        alpha, beta = self._settings.temperature, self._settings.bootstrap
        goal, state = batch.actor_goal, batch.state
        next_near, near, later, now, far = self._value.of(
            (batch.next_state, batch.near_next),
            (state, batch.near),
            (batch.next_state, batch.actor_goal_next),
            (state, goal),
            (batch.far_state, batch.actor_goal_far),
        )
        mean = self._policy(cat((state, goal), -1))
        found = {
            "value": self._value.loss(batch),
            "near": squared_error(
                self._near(cat((state, batch.near), -1)),
                batch.action,
                advantage_weight(next_near - near, alpha),
            ),
            "imitation": squared_error(
                mean, batch.action, advantage_weight(later - now, alpha)
            ),
        }
        if beta > 0:
            with torch.no_grad():
                wanted = self._near(cat((state, batch.far), -1))
                weight = advantage_weight(far - now, beta)
            off = (mean - wanted).square().sum(-1)
            found["bootstrap"] = (weight * off).mean()
        return found

    def deployed(self) -> nn.Module:
        """Return the flat policy and the value."""
        return Flat(self._policy, self._value.network)

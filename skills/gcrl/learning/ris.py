"""RIS, offline: a flat policy drawn towards that of an imagined way point.

Source: Chane-Sane et al., Goal-conditioned reinforcement learning with imagined
subgoals, arXiv:2107.00541, in the offline form of Zhou and Kao, arXiv:2505.14975,
app.: HIQL's high level proposes the way point; beta 3 beside AWR.
"""

from __future__ import annotations

import torch
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
from jouleplan.skills.gcrl.learning.value import Flat, Value

PULL = 3.0
"""Weight of the imagined way point's action beside AWR."""


class Ris(Learner):
    """A flat policy regularised by its own high level.

    Args:
        sizes: Of its networks.
        settings: alpha for imitation, beta for the high level.
    """

    def __init__(self, sizes: Sizes, settings: Settings) -> None:
        """Draw value, high level, the policy of way points and the flat one."""
        inputs, hidden = sizes.observation + sizes.goal, settings.hidden
        self._sizes, self._settings = sizes, settings
        self._value = Value(sizes, settings)
        self._high = Perceptron((inputs, *hidden, sizes.bare_goal), normalise=False)
        self._near = Perceptron((inputs, *hidden, sizes.action), normalise=False)
        self._policy = Perceptron((inputs, *hidden, sizes.action), normalise=False)
        networks = {
            "value": self._value.network,
            "high": self._high,
            "near": self._near,
            "policy": self._policy,
        }
        super().__init__(networks, (self._value.target,), settings.learning_rate)

    def losses(self, batch: Tensors) -> dict[str, Tensor]:
        """Return L_V, the losses of high and near level, AWR and the pull."""
        alpha, beta = self._settings.temperature, self._settings.bootstrap
        goal, state = batch.actor_goal, batch.state
        next_near, near, later, now, far = self._value.of(
            (batch.next_state, batch.near_next),
            (state, batch.near),
            (batch.next_state, batch.actor_goal_next),
            (state, goal),
            (batch.far_state, batch.actor_goal_far),
        )
        way_point = self._high(cat((state, goal), -1))
        mean = self._policy(cat((state, goal), -1))
        with torch.no_grad():
            imagined = as_goal(way_point, self._sizes)
            wanted = self._near(cat((state, imagined), -1))
        return {
            "value": self._value.loss(batch),
            "high": squared_error(
                way_point, batch.far_goal, advantage_weight(far - now, beta)
            ),
            "near": squared_error(
                self._near(cat((state, batch.near), -1)),
                batch.action,
                advantage_weight(next_near - near, alpha),
            ),
            "imitation": squared_error(
                mean, batch.action, advantage_weight(later - now, alpha)
            ),
            "pull": PULL * (mean - wanted).square().sum(-1).mean(),
        }

    def deployed(self) -> nn.Module:
        """Return the flat policy and the value."""
        return Flat(self._policy, self._value.network)

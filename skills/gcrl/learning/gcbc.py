"""GCBC: imitate the action, given a goal that was reached later.

Source: Ghosh et al., Learning to reach goals via iterated supervised learning,
arXiv:1912.06088; defaults of OGBench, arXiv:2410.20092.
"""

from __future__ import annotations

from torch import Tensor, cat, nn

from jouleplan.skills.gcrl.learning.learner import (
    Learner,
    Settings,
    Sizes,
    Tensors,
)
from jouleplan.skills.gcrl.learning.networks import Perceptron, squared_error
from jouleplan.skills.gcrl.learning.value import Flat


class Gcbc(Learner):
    """A flat policy by imitation.

    Args:
        sizes: Of its networks.
        settings: Hidden layers and learning rate.
    """

    def __init__(self, sizes: Sizes, settings: Settings) -> None:
        """Draw the policy."""
        inputs = sizes.observation + sizes.goal
        self._policy = Perceptron(
            (inputs, *settings.hidden, sizes.action), normalise=False
        )
        super().__init__({"policy": self._policy}, (), settings.learning_rate)

    def losses(self, batch: Tensors) -> dict[str, Tensor]:
        """Return the loss of imitation."""
        mean = self._policy(cat((batch.state, batch.actor_goal), -1))
        return {"policy": squared_error(mean, batch.action)}

    def deployed(self) -> nn.Module:
        """Return the policy; it has no value."""
        return Flat(self._policy)

"""GCIQL: Q beside V, and a flat policy that climbs Q near the data.

Source: Kostrikov et al., IQL, arXiv:2110.06169, goal-conditioned as in OGBench,
arXiv:2410.20092: tau 0.9; the policy by DDPG + BC (Fujimoto and Gu,
arXiv:2106.06860) with alpha 0.3, in manipulation 1.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.func import functional_call

from jouleplan.skills.gcrl.learning.learner import (
    Learner,
    Settings,
    Sizes,
    Tensors,
)
from jouleplan.skills.gcrl.learning.networks import (
    Follower,
    Perceptron,
    expectile,
    squared_error,
)
from jouleplan.skills.gcrl.learning.value import Flat


class Single(nn.Module):
    """One value of a state and a goal, with the call of a pair."""

    def __init__(self, sizes: Sizes, settings: Settings) -> None:
        """Draw it."""
        super().__init__()
        inputs = sizes.observation + sizes.goal
        self.one = Perceptron((inputs, *settings.hidden, 1))

    def forward(self, state: Tensor, goal: Tensor) -> Tensor:
        """Return V, shape (1, b)."""
        one: Tensor = self.one(torch.cat((state, goal), -1))
        return one.transpose(0, 1)


class Gciql(Learner):
    """A flat policy that trades Q against the data's actions.

    Args:
        sizes: Of its networks.
        settings: All but ``temperature``, ``bootstrap`` and ``latent``.
    """

    def __init__(self, sizes: Sizes, settings: Settings) -> None:
        """Draw V, Q and policy."""
        inputs = sizes.observation + sizes.goal
        self._settings = settings
        q_sizes = (inputs + sizes.action, *settings.hidden, 1)
        self._q = Perceptron(q_sizes, members=2)
        self._target = Follower(self._q, settings.follow)
        self._policy = Perceptron(
            (inputs, *settings.hidden, sizes.action), normalise=False
        )
        self._v = Single(sizes, settings)
        super().__init__(
            {"value": self._v, "q": self._q, "policy": self._policy},
            (self._target,),
            settings.learning_rate,
        )

    def losses(self, batch: Tensors) -> dict[str, Tensor]:
        """Return the losses of V, Q and the policy."""
        state_goal = torch.cat((batch.state, batch.value_goal), -1)
        taken = torch.cat((state_goal, batch.action), -1)
        off = self._target(taken).amin(0).squeeze(-1) - self._v(
            batch.state, batch.value_goal
        ).squeeze(0)
        value = (expectile(off, self._settings.tau) * off.square()).mean()
        with torch.no_grad():
            later = self._v(batch.next_state, batch.value_goal_next).squeeze(0)
            wanted = batch.reward + self._settings.discount * batch.alive * later
        q = (self._q(taken).squeeze(-1) - wanted).square().mean(1).sum()
        return {"value": value, "q": q, "policy": self._policy_loss(batch)}

    def _policy_loss(self, batch: Tensors) -> Tensor:
        state_goal = torch.cat((batch.state, batch.actor_goal), -1)
        mean = self._policy(state_goal)
        chosen = torch.cat((state_goal, mean.clamp(-1.0, 1.0)), -1)
        # the policy climbs Q, but Q shall not please the policy
        fixed = {name: w.detach() for name, w in self._q.named_parameters()}
        worth: Tensor = functional_call(self._q, fixed, (chosen,)).amin(0)
        scale = worth.abs().mean().detach().clamp_min(1e-6)
        imitation = squared_error(mean, batch.action)
        return -worth.mean() / scale + self._settings.cloning * imitation

    def deployed(self) -> nn.Module:
        """Return policy and value."""
        return Flat(self._policy, self._v)

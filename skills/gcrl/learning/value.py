"""Value: V(s, g) by expectile regression, shared by all learners but GCBC.

Source: GCIVL and HIQL's value, Park et al., arXiv:2307.11949, sec. 4, in the form of
OGBench, arXiv:2410.20092, app. C: two networks, expectile of the advantage of one
target, each regressed to its own.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from jouleplan.skills.gcrl.learning.learner import Settings, Sizes, Tensors
from jouleplan.skills.gcrl.learning.networks import Follower, Perceptron, expectile


class Pair(nn.Module):
    """Two values of a state and a goal.

    Args:
        sizes: Of state and goal.
        settings: Hidden layers.
    """

    def __init__(self, sizes: Sizes, settings: Settings) -> None:
        """Draw both."""
        super().__init__()
        inputs = sizes.observation + sizes.goal
        self.both = Perceptron((inputs, *settings.hidden, 1), members=2)

    def forward(self, state: Tensor, goal: Tensor) -> Tensor:
        """Return V1 and V2, shape (2, b)."""
        both: Tensor = self.both(torch.cat((state, goal), -1))
        return both.squeeze(-1)


class First(nn.Module):
    """V1 of a pair: as it ships, which halves the file.

    Args:
        pair: V1 and V2.
    """

    def __init__(self, pair: Pair) -> None:
        """Copy the first."""
        super().__init__()
        self.one = pair.both.member(0)

    def forward(self, state: Tensor, goal: Tensor) -> Tensor:
        """Return V1, shape (1, b)."""
        one: Tensor = self.one(torch.cat((state, goal), -1))
        return one.transpose(0, 1)


class Value:
    """V with its target.

    Args:
        sizes: Of state and goal.
        settings: Discount, expectile, follow rate.
        network: Another V with the same call; None takes a ``Pair``.

    Attributes:
        network: V1 and V2.
        target: The copy that follows them.
    """

    def __init__(
        self, sizes: Sizes, settings: Settings, network: nn.Module | None = None
    ) -> None:
        """Draw it, or take ``network``."""
        self.network = Pair(sizes, settings) if network is None else network
        self.target = Follower(self.network, settings.follow)
        self._tau, self._discount = settings.tau, settings.discount

    def loss(self, batch: Tensors) -> Tensor:
        """Return L_V, a scalar."""
        n = len(batch.state)
        both = torch.cat((batch.next_state, batch.state))
        goals = torch.cat((batch.value_goal_next, batch.value_goal))
        seen = self.target(both, goals)
        later, now = seen[:, :n], seen[:, n:]
        ahead = self._discount * batch.alive
        advantage = batch.reward + ahead * later.amin(0) - now.mean(0)
        weight = expectile(advantage, self._tau)
        wanted = batch.reward + ahead * later
        off: Tensor = wanted - self.network(batch.state, batch.value_goal)
        return (weight * off.square()).mean(1).sum()

    @torch.no_grad()
    def of(self, *pairs: tuple[Tensor, Tensor]) -> tuple[Tensor, ...]:
        """Return the mean of both values, (b,), of each pair of states and goals."""
        states, goals = (torch.cat(part) for part in zip(*pairs, strict=True))
        mean: Tensor = self.network(states, goals).mean(0)
        return tuple(mean.view(len(pairs), -1))  # all pairs are of one length


class Flat(nn.Module):
    """What a flat learner deploys.

    Args:
        policy: Mean action of a state and a goal.
        value: V, or None.
    """

    def __init__(self, policy: nn.Module, value: nn.Module | None = None) -> None:
        """Keep both."""
        super().__init__()
        self.policy = policy
        self.value = First(value) if isinstance(value, Pair) else value

    def forward(self, state: Tensor, goal: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return (action (1, a) in [-1, 1], no way point (1, 0), value)."""
        action = self.policy(torch.cat((state, goal), -1)).clamp(-1.0, 1.0)
        return action, state[:, :0], worth(self.value, state, goal)


def worth(value: nn.Module | None, state: Tensor, goal: Tensor) -> Tensor:
    """Return the mean value as (1, 1), or (1, 0) where there is none."""
    if value is None:
        return state[:, :0]
    mean: Tensor = value(state, goal).mean(0)
    return mean.unsqueeze(-1)

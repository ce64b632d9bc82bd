"""HILP: a representation whose distances are values, and a policy of directions in it.

Goals are whole observations here: phi is one function of states and goals. At each step
the policy is prompted with the direction to the goal, so no goal needs training of its
own (zero-shot).

Source: Park et al., Foundation policies with Hilbert representations,
arXiv:2402.15567, sec. 4 and 5: tau 0.95, latent 32, reward <phi(s') - phi(s), z>.
"""

from __future__ import annotations

import torch
from torch import Tensor, cat, nn
from torch.nn import functional

from jouleplan.skills.gcrl.learning.learner import (
    Learner,
    Settings,
    Sizes,
    Tensors,
)
from jouleplan.skills.gcrl.learning.networks import (
    Follower,
    Perceptron,
    advantage_weight,
    expectile,
    squared_error,
)
from jouleplan.skills.gcrl.learning.value import Value, worth

HINDSIGHT = 0.5
"""Share of directions that lead to a goal of the data; the rest are random."""


class Distance(nn.Module):
    """V(s, g) = -|phi(s) - phi(g)|, two of them.

    Args:
        sizes: A goal is as long as a state.
        settings: Hidden layers and size of the representation.

    Raises:
        ValueError: A goal is no whole observation.
    """

    def __init__(self, sizes: Sizes, settings: Settings) -> None:
        """Draw both representations."""
        super().__init__()
        if sizes.goal != sizes.observation:
            raise ValueError(
                f"HILP asks for whole observations as goals: {sizes.observation} "
                f"entries, not {sizes.goal}"
            )
        shape = (sizes.observation, *settings.hidden, settings.latent)
        self.phi = Perceptron(shape, members=2)

    def forward(self, state: Tensor, goal: Tensor) -> Tensor:
        """Return V1 and V2, shape (2, b)."""
        both: Tensor = self.phi(cat((state, goal)))
        off = both[:, : len(state)] - both[:, len(state) :]
        # the root has no slope at 0
        return -off.square().sum(-1).clamp_min(1e-6).sqrt()

    def represent(self, state: Tensor) -> Tensor:
        """Return phi of states, shape (b, latent); the first of the two."""
        first: Tensor = self.phi(state)[0]
        return first


class Prompted(nn.Module):
    """What HILP deploys: the policy, prompted with the direction to the goal."""

    def __init__(self, policy: nn.Module, distance: Distance) -> None:
        """Keep both."""
        super().__init__()
        self.policy, self.distance = policy, distance

    def forward(self, state: Tensor, goal: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return (action (1, a), no way point (1, 0), value (1, 1))."""
        way = self.distance.represent(goal) - self.distance.represent(state)
        z = functional.normalize(way, dim=-1)
        action = self.policy(cat((state, z), -1)).clamp(-1.0, 1.0)
        return action, state[:, :0], worth(self.distance, state, goal)


class Hilp(Learner):
    """A policy that goes into any direction of the representation.

    Args:
        sizes: Of its networks; a goal is as long as a state.
        settings: ``tau`` of the distance; 0.9 serves the directions' own value.
    """

    def __init__(self, sizes: Sizes, settings: Settings) -> None:
        """Draw representation, Q and V of directions, and policy."""
        self._settings = settings
        self._distance = Distance(sizes, settings)
        self._value = Value(sizes, settings, self._distance)
        inputs, hidden = sizes.observation + settings.latent, settings.hidden
        self._q = Perceptron((inputs + sizes.action, *hidden, 1), members=2)
        self._target = Follower(self._q, settings.follow)
        self._v = Perceptron((inputs, *hidden, 1))
        self._policy = Perceptron((inputs, *hidden, sizes.action), normalise=False)
        networks = {
            "value": self._distance,
            "q": self._q,
            "v": self._v,
            "policy": self._policy,
        }
        followers = (self._value.target, self._target)
        super().__init__(networks, followers, settings.learning_rate)

    def losses(self, batch: Tensors) -> dict[str, Tensor]:
        """Return the losses of the distance, of V, Q and policy of directions."""
        z, reward = self._directions(batch)
        state = cat((batch.state, z), -1)
        taken = cat((state, batch.action), -1)
        worth_now, v = self._target(taken).amin(0).squeeze(-1), self._v(state)
        off = worth_now - v.squeeze(-1)
        value = (expectile(off, 0.9) * off.square()).mean()
        with torch.no_grad():
            later = self._v(cat((batch.next_state, z), -1)).squeeze(-1)
            wanted = reward + self._settings.discount * later
        q = (self._q(taken).squeeze(-1) - wanted).square().mean(1).sum()
        weight = advantage_weight(off.detach(), self._settings.temperature)
        policy = squared_error(self._policy(state), batch.action, weight)
        distance = self._value.loss(batch)
        return {"distance": distance, "value": value, "q": q, "policy": policy}

    @torch.no_grad()
    def _directions(self, batch: Tensors) -> tuple[Tensor, Tensor]:
        """Return unit directions z, (b, latent), and the rewards of going there."""
        phi, n = self._distance.represent, len(batch.state)
        every = phi(cat((batch.state, batch.next_state, batch.actor_goal)))
        now, later, goal = every[:n], every[n : 2 * n], every[2 * n :]
        random = torch.randn_like(now)
        hindsight = torch.rand(n, 1) < HINDSIGHT
        z = functional.normalize(torch.where(hindsight, goal - now, random), dim=-1)
        return z, ((later - now) * z).sum(-1)

    def deployed(self) -> nn.Module:
        """Return policy and representation."""
        return Prompted(self._policy, self._distance)

"""Learner: what every offline goal-conditioned algorithm has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import torch
from torch import Tensor, nn

from jouleplan.skills.gcrl.learning.networks import Follower
from jouleplan.skills.gcrl.sampler import Batch


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a learner's networks take and give.

    Attributes:
        observation: Entries of a state.
        goal: Entries of a goal as networks see it, mask included.
        bare_goal: Entries of a goal without its mask; a high level predicts these.
        action: Entries of an action.
        scales: Of the goal space.
        masked: Whether goals carry a mask.
    """

    observation: int
    goal: int
    bare_goal: int
    action: int
    scales: tuple[float, ...] = ()
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be chosen; a learner takes what it has use for.

    Attributes:
        hidden: Sizes of hidden layers.
        learning_rate: Adam's.
        discount: Of future rewards.
        follow: Rate of the target network.
        tau: Expectile of the value; above 0.5 it is optimistic.
        temperature: Of advantage weights at the low level, alpha.
        bootstrap: Of the weights of way points, beta.
        cloning: Weight of the data's action beside Q, GCIQL's alpha.
        latent: Size of HILP's representation.
    """

    hidden: tuple[int, ...] = (256, 256)
    learning_rate: float = 3e-4
    discount: float = 0.99
    follow: float = 0.005
    tau: float = 0.7
    temperature: float = 3.0
    bootstrap: float = 1.0
    cloning: float = 0.3
    latent: int = 32


@dataclass(frozen=True, slots=True)
class Tensors:
    """A batch as tensors; see ``Batch``."""

    state: Tensor
    action: Tensor
    next_state: Tensor
    value_goal: Tensor
    value_goal_next: Tensor
    reward: Tensor
    alive: Tensor
    actor_goal: Tensor
    actor_goal_next: Tensor
    actor_goal_far: Tensor
    near: Tensor
    near_next: Tensor
    far_state: Tensor
    far: Tensor
    far_goal: Tensor


def as_goal(bare: Tensor, sizes: Sizes) -> Tensor:
    """Return a predicted way point as networks see goals, all its entries asked for.

    The tensor's side of ``GoalSpace.encode``.
    """
    parts = [(bare / scale).clamp(-1.0, 1.0) for scale in sizes.scales] or [bare]
    if sizes.masked:
        parts.append(torch.ones_like(bare))
    return torch.cat(parts, -1)


def tensors(batch: Batch) -> Tensors:
    """Return the batch as tensors."""
    return Tensors(*(torch.from_numpy(getattr(batch, f.name)) for f in fields(Tensors)))


class Learner(ABC):
    """An algorithm under way.

    Args:
        networks: All that is trained, deployed or saved, by name.
        followers: Target networks.
        rate: Adam's learning rate.

    Attributes:
        networks: As given.
    """

    def __init__(
        self,
        networks: Mapping[str, nn.Module],
        followers: Sequence[Follower],
        rate: float,
    ) -> None:
        """Make the optimiser; no networks share weights, so one serves all."""
        self.networks = nn.ModuleDict(networks)
        self._followers = tuple(followers)
        self._optimiser = torch.optim.Adam(
            self.networks.parameters(), lr=rate, fused=True
        )

    @abstractmethod
    def losses(self, batch: Tensors) -> dict[str, Tensor]:
        """Return every loss by name, scalars; each differentiates its own networks."""

    @abstractmethod
    def deployed(self) -> nn.Module:
        """Return what acts: (state (1, o), goal (1, g)) -> (action, way point, value).

        The way point is a bare goal; of a flat policy it is empty, (1, 0). The value
        is (1, 1), or (1, 0) where the algorithm has none.
        """

    def update(self, batch: Tensors) -> dict[str, float]:
        """Make one step of all losses and return them by name."""
        losses = self.losses(batch)
        self._optimiser.zero_grad()
        torch.autograd.backward(tuple(losses.values()))
        self._optimiser.step()
        for follower in self._followers:
            follower.follow()
        return {name: loss.item() for name, loss in losses.items()}

    def state(self) -> dict[str, Any]:
        """Return all that a checkpoint needs: tensors and numbers."""
        return {
            "networks": self.networks.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "followers": [f.network.state_dict() for f in self._followers],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what ``state`` returned."""
        self.networks.load_state_dict(state["networks"])
        self._optimiser.load_state_dict(state["optimiser"])
        for follower, saved in zip(self._followers, state["followers"], strict=True):
            follower.network.load_state_dict(saved)

"""Sampler: steps of play with goals given in hindsight, as the learners take them.

Value goals: the current state, a geometric future of the same trajectory, or a random
state; actor goals: a uniform future; way points: k steps ahead, not past the goal.

Source: Park et al., OGBench, arXiv:2410.20092, app. C; Park et al., HIQL,
arXiv:2307.11949; Zhou and Kao, SAW, arXiv:2505.14975.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jouleplan.skills.gcrl.play import Play
from jouleplan.skills.gcrl.space import Floats, GoalSpace

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Mixture:
    """How goals are drawn.

    Attributes:
        current: Share of value goals that are the present state.
        future: Share from the future of the same trajectory; the rest are random.
        discount: Of the geometric distribution of value goals.
        waypoint_steps: k, how far ahead a way point lies.
        moving: Share of actor goals that are redrawn until the goal differs from what
            is achieved already: a body at rest has much to say about standing still.
    """

    current: float = 0.2
    future: float = 0.5
    discount: float = 0.99
    waypoint_steps: int = 25
    moving: float = 0.0


@dataclass(frozen=True, slots=True)
class Batch:
    """Steps with their goals; goals are encoded as networks see them from a state.

    Attributes:
        state: Shape (b, o).
        action: Shape (b, a).
        next_state: Shape (b, o).
        value_goal: From ``state``, shape (b, g).
        value_goal_next: The same from ``next_state``.
        reward: 0 where ``value_goal`` is reached, else -1, shape (b,).
        alive: 0 where ``value_goal`` is reached, else 1, shape (b,).
        actor_goal: From ``state``, shape (b, g).
        actor_goal_next: The same from ``next_state``.
        actor_goal_far: The same from ``far_state``.
        near: Way point of the low level, k steps ahead in the trajectory, (b, g).
        near_next: The same from ``next_state``.
        far_state: State at the way point on the way to ``actor_goal``, shape (b, o).
        far: The same as a goal, encoded with all its entries asked for, (b, g).
        far_goal: The same as a bare goal, which a high level predicts, (b, size).
    """

    state: Floats
    action: Floats
    next_state: Floats
    value_goal: Floats
    value_goal_next: Floats
    reward: Floats
    alive: Floats
    actor_goal: Floats
    actor_goal_next: Floats
    actor_goal_far: Floats
    near: Floats
    near_next: Floats
    far_state: Floats
    far: Floats
    far_goal: Floats


class Sampler:
    """Draws batches, reproducible by its generator.

    Args:
        play: What is drawn from.
        space: What a goal is and when it is reached.
        mixture: How goals are drawn.
        rng: Decides everything.
    """

    def __init__(
        self,
        play: Play,
        space: GoalSpace,
        mixture: Mixture,
        rng: np.random.Generator,
    ) -> None:
        """Prepare what every batch needs."""
        self._play, self._space, self._mixture = play, space, mixture
        self._rng = rng
        self._goals = space.achieved(play.observations)
        self._masks = np.array(space.masks, dtype=np.float32)
        n = len(play.observations)
        self._last = play.ends[np.searchsorted(play.ends, np.arange(n))]
        self._steps = np.flatnonzero(self._last > np.arange(n))

    def draw(self, size: int) -> Batch:
        """Return ``size`` steps with goals."""
        rng, play, space = self._rng, self._play, self._space
        at = rng.choice(self._steps, size)
        last, k = self._last[at], self._mixture.waypoint_steps
        value, value_mask = self._value_goals(at, last), self._draw_masks(size)
        actor, actor_mask = self._actor_goals(at, last), self._draw_masks(size)
        near, far = np.minimum(at + k, last), np.minimum(at + k, actor)
        everything = np.ones((size, space.size), dtype=np.float32)
        now, ahead, beyond = (self._goals[i] for i in (at, at + 1, far))
        wanted, target = self._goals[value], self._goals[actor]
        done = space.reached(now, wanted, value_mask)
        return Batch(
            state=play.observations[at],
            action=play.actions[at],
            next_state=play.observations[at + 1],
            value_goal=space.encode(now, wanted, value_mask),
            value_goal_next=space.encode(ahead, wanted, value_mask),
            reward=done - 1.0,
            alive=1.0 - done,
            actor_goal=space.encode(now, target, actor_mask),
            actor_goal_next=space.encode(ahead, target, actor_mask),
            actor_goal_far=space.encode(beyond, target, actor_mask),
            near=space.encode(now, self._goals[near], everything),
            near_next=space.encode(ahead, self._goals[near], everything),
            far_state=play.observations[far],
            far=space.encode(now, beyond, everything),
            far_goal=space.bare(now, beyond),
        )

    def _draw_masks(self, size: int) -> Floats:
        if len(self._masks) == 1:
            return np.broadcast_to(self._masks[0], (size, self._space.size))
        return self._masks[self._rng.integers(len(self._masks), size=size)]

    def _value_goals(self, at: Indices, last: Indices) -> Indices:
        rng, mixture = self._rng, self._mixture
        ahead = rng.geometric(1.0 - mixture.discount, len(at))
        goals = np.minimum(at + ahead, last)
        kind = rng.random(len(at))
        goals = np.where(kind < mixture.current, at, goals)
        anywhere = rng.integers(len(self._last), size=len(at))
        return np.where(kind >= mixture.current + mixture.future, anywhere, goals)

    def _actor_goals(self, at: Indices, last: Indices) -> Indices:
        """Return a uniform future; part of those that ask for nothing are redrawn."""
        rng = self._rng
        goals = rng.integers(at + 1, last + 1)
        redrawn = rng.random(len(at)) < self._mixture.moving
        for _ in range(4 if self._mixture.moving else 0):
            off = self._goals[goals] - self._goals[at]
            still = redrawn & (np.abs(off).max(1) <= self._space.tolerance)
            if not still.any():
                break
            goals[still] = rng.integers(at[still] + 1, last[still] + 1)
        return goals

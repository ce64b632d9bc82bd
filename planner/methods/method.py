"""Method: what is compared; it is given a trial and acts until the trial is over.

A method may plan and call skills, or be one policy that acts from pixels: the scene,
the seed, the horizon, the meter and the test of success are the trial's, the same for
all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from jouleplan.domains.articulation import Array
from jouleplan.domains.scene import Scene
from jouleplan.energy.meter import Meter
from jouleplan.energy.records import TrainingShare
from jouleplan.planner.episode import Executed
from jouleplan.planner.methods.judge import Judge
from jouleplan.planner.task import Task

LOOK_EVERY: Final = 15
"""Control steps after which a trial looks whether the goal holds already."""


class HorizonError(Exception):
    """The horizon was reached; ends an attempt from within, never seen outside."""


@dataclass(slots=True)
class Trial:
    """One episode that a method is given.

    Attributes:
        task: What is to be done; its symbols are a planner's, an end-to-end policy
            reads ``task.problem`` for its instruction alone.
        scene: The world, as laid out by the seed; ``scene.picture`` is the camera.
        seed: Of the scene, and of the method where it draws.
        horizon: Control steps that every method is given.
        meter: Phases "planning", "sensing", "policy" and "control" are the method's.
        judge: Sees the symbolic states that are sensed.
        watchers: Called after every control step.
        start: Control steps of the arm when the trial began.
        paused: Control steps in which the judge held the arm still.
        reached: Whether ``step`` has seen the goal.
    """

    task: Task
    scene: Scene
    seed: int
    horizon: int
    meter: Meter
    judge: Judge
    watchers: list[Callable[[Scene], None]] = field(default_factory=list)
    start: int = 0
    paused: int = 0
    reached: bool = False

    @property
    def control_steps(self) -> int:
        """Control steps that the method has taken."""
        return self.scene.robot.control_steps - self.start - self.paused

    @property
    def over(self) -> bool:
        """Whether the goal was seen or the horizon is reached."""
        return self.reached or self.control_steps >= self.horizon

    def step(self, action: Array) -> bool:
        """Carry out one action of an end-to-end policy; return whether it was the last.

        Every ``LOOK_EVERY`` steps the goal is looked for, at nobody's cost; where it
        shows, the arm is held for the second that the test of success takes.

        Args:
            action: Shape (4,), in [-1, 1]; see ``Robot.step``.
        """
        with self.meter.phase("control"):
            self.scene.robot.step(action)
        for watch in self.watchers:
            watch(self.scene)
        if self.control_steps % LOOK_EVERY == 0 and self.judge.look():
            before = self.scene.robot.control_steps
            self.reached = self.judge.test()
            self.paused += self.scene.robot.control_steps - before
        return self.over

    def stop_at_horizon(self, _: Scene) -> None:
        """End an attempt that calls ``watchers`` itself; one of them, then.

        Raises:
            HorizonError: The horizon is reached.
        """
        if self.control_steps >= self.horizon:
            raise HorizonError


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a method tells of a trial; success is judged, not told.

    Attributes:
        cause: Why it stopped, where it did not reach the goal by its own account.
        executed: Ground operators carried out, where it knows any.
        replans: How often a plan was made anew.
        flops: Floating point operations; None if unknown.
        judged: Whether what was done may be judged. A method that carries out none of
            its actions leaves success unknown, and its work on the arm.
    """

    cause: str = ""
    executed: tuple[Executed, ...] = ()
    replans: int = 0
    flops: float | None = None
    judged: bool = True


class Method(Protocol):
    """Something that acts.

    It is made in the process that hands out the work, too, to be put on record: making
    it is cheap, and what takes long, e.g. loading weights, is left to ``warm_up``.
    """

    @property
    def name(self) -> str:
        """As it is asked for and recorded, e.g. ``neurosymbolic`` or an address."""
        ...

    @property
    def label(self) -> str:
        """What people call it."""
        ...

    @property
    def description(self) -> str:
        """What it is, in a sentence."""
        ...

    @property
    def pixels(self) -> bool:
        """Whether it looks at pictures: the arm is drawn in them, at its cost."""
        ...

    @property
    def training(self) -> tuple[TrainingShare, ...]:
        """What its policies took to train, from their cards; empty for none."""
        ...

    @property
    def settings(self) -> Mapping[str, object]:
        """What makes its episodes comparable: parameters, fingerprints of files."""
        ...

    def warm_up(self, trial: Trial) -> None:
        """Do what is done once, e.g. load weights; nothing of it is recorded."""
        ...

    def run(self, trial: Trial) -> Attempt:
        """Act until the trial is over or the method gives up.

        A method that gives up early is held still until the horizon.

        Raises:
            HorizonError: From ``Trial.stop_at_horizon``, let through.
        """
        ...

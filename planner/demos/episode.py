"""Episode: one scene carried out by plan and skills, as a demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jouleplan.domains.skill_call import SKILL_ARGUMENTS, SkillCall
from jouleplan.domains.words import Words
from jouleplan.energy.meter import Meter
from jouleplan.planner.demos.noise import Drift
from jouleplan.planner.demos.recorder import Frame, Recorder
from jouleplan.planner.episode import Episode, Executed
from jouleplan.planner.executive import Executive
from jouleplan.planner.run import build_scene
from jouleplan.planner.task import Task
from jouleplan.skills.library import PolicySet
from jouleplan.skills.vla.demos import Demo, DemoOperator

_STREAM: Final = 7
"""Tells the noise of demonstrations from other draws of the same seed."""
HOME: Final = "Move the hand home."
OPEN: Final = "Open the hand."


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """How an episode went.

    Attributes:
        episode: The executive's record.
        demo: What was recorded; None without a single frame.
    """

    episode: Episode
    demo: Demo | None


def demonstrate(
    task: Task,
    policies: PolicySet,
    seed: int,
    meter: Meter,
    *,
    side: int,
    noise: float = 0.0,
) -> Demonstrated:
    """Run one episode and return it as a demonstration.

    Args:
        task: What is to be done.
        policies: One a stage.
        seed: Of the scene and of the noise.
        meter: Everything is charged to its phases.
        side: Width and height of the pictures [px].
        noise: Standard deviation of what disturbs the arm, over ``MAX_STEP_M``.

    Raises:
        DomainError: The scene does not fit on the table, or contradicts `:init`.
    """
    rng = np.random.default_rng((seed, _STREAM))
    drift = Drift(noise, rng) if noise else None
    with meter.phase("scene"):
        scene = build_scene(task, seed, visuals="hulls")
    with scene:
        recorder = Recorder(scene, side, meter, drift)
        acting = recorder.policies(policies)
        executive = Executive(task, scene, acting, meter, seed=seed)
        recorder.ended = lambda: len(executive.episode.executed)
        episode = executive.run()
        words = Words(task.binding, task.problem, scene.axes)
        demo = _demo(task, words, episode, recorder.frames)
    recorder.frames.clear()  # skills and recorder hold each other: freed too late
    return Demonstrated(episode, demo)


def _demo(
    task: Task, words: Words, episode: Episode, frames: list[Frame]
) -> Demo | None:
    # an error in the midst of a skill leaves frames of no operator
    frames = [frame for frame in frames if frame.executed < len(episode.executed)]
    if not frames:
        return None

    def seen(name: str) -> np.ndarray:
        return np.stack([frame.seen[name] for frame in frames])

    return Demo(
        episode.seed,
        episode.domain,
        episode.problem,
        words.task,
        episode.goal_reached,
        tuple(_operator(task, words, one) for one in episode.executed),
        tuple(task.binding.bodies),
        scene=seen("image"),
        wrist=seen("wrist_image"),
        state=seen("state"),
        closed=np.array([frame.closed for frame in frames]),
        action=np.stack([frame.action for frame in frames]),
        operator=np.array([frame.executed for frame in frames], np.int16),
        step=np.array([frame.step for frame in frames], np.int32),
        poses=np.stack([frame.poses for frame in frames]).astype(np.float32),
    )


def _operator(task: Task, words: Words, executed: Executed) -> DemoOperator:
    named = DemoOperator(executed.name, "", executed.done, executed.kind)
    name, objects = executed.name.partition("(")[0], named.objects
    if executed.kind == "operator":
        prompt = words.operator(task.domain.operators[name].ground(objects))
    elif executed.skill:
        prompt = words.calls(
            tuple(
                SkillCall(skill, objects[0], _on(skill, objects))
                for skill in executed.skill.split("+")
            )
        )
    else:
        prompt = HOME if executed.kind == "recover" else OPEN
    return DemoOperator(executed.name, prompt, executed.done, executed.kind)


def _on(skill: str, objects: tuple[str, ...]) -> str | None:
    return objects[1] if len(SKILL_ARGUMENTS[skill]) > 1 else None

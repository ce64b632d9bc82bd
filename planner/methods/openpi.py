"""Openpi: a policy behind openpi's protocol as a method, e.g. a real pi0 on a GPU.

It acts end to end from pictures: no plan, no symbols but those of its instruction.
What the server burns is not metered here: the joules of its episodes are what it tells,
as `jouleplan serve` does, or unknown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from jouleplan.domains.articulation import Array
from jouleplan.domains.symbols import GroundAtom
from jouleplan.energy.records import TrainingShare
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.planner.methods.errors import MethodError
from jouleplan.planner.methods.method import Attempt, Method, Trial
from jouleplan.planner.methods.told import UNMETERED, Told
from jouleplan.planner.task import Task
from jouleplan.skills.errors import SkillError
from jouleplan.skills.vla.actions import control_step
from jouleplan.skills.vla.remote import RemotePolicy
from jouleplan.skills.vla.views import observation
from jouleplan.skills.vla.wire import require_websockets

_PARAMETERS: Final = ("prompt", "replan", "timeout")
_WIDTHS: Final = (4, 7)


@dataclass(slots=True)
class ServedPolicy:
    """A policy server as a method; see ``Method`` for the other attributes.

    Attributes:
        address: ``openpi://host:port``.
        prompt: The instruction; empty takes the goal in words.
        replan: Actions of each chunk that are carried out.
        timeout_s: Longest wait for an answer [s].
    """

    name: str
    address: str
    prompt: str
    replan: int
    timeout_s: float
    pixels: bool = True
    _policy: RemotePolicy | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """For people."""
        return f"policy server {self.address}"

    @property
    def description(self) -> str:
        """What it is."""
        return (
            "A policy behind openpi's protocol that acts from two pictures and an "
            "instruction, without a plan. What its server burns is what it tells, else "
            "unknown; what its training took is unknown here."
        )

    @property
    def training(self) -> tuple[TrainingShare, ...]:
        """Unknown, which is not nothing."""
        return (
            TrainingShare(
                "end to end", "unknown", 0, None, None, "unavailable", UNMETERED, None
            ),
        )

    @property
    def settings(self) -> Mapping[str, object]:
        """Its parameters; what the server holds is the server's to say."""
        return {"prompt": self.prompt, "replan": self.replan}

    def reach(self) -> None:
        """Connect, and leave again.

        Raises:
            PolicyServerError: Nothing answers at the address, or not by the protocol.
        """
        RemotePolicy(self.address, self.timeout_s).close()

    def warm_up(self, trial: Trial) -> None:
        """Connect, and have one chunk made."""
        self.run(trial)

    def run(self, trial: Trial) -> Attempt:
        """Act until the trial is over, or the server fails.

        Raises:
            PolicyServerError: It cannot be reached, so that nothing is known of what it
                does: no episode.
        """
        with trial.meter.phase("policy"):
            self._connect()
        told = Told()
        try:
            while not trial.over:
                self._chunk(trial, told)
        except SkillError as error:
            self._close()
            return Attempt(f"{type(error).__name__}: {error}")
        finally:
            estimated = isinstance(trial.meter.source, CpuTimeModel)
            accepted = "estimated" if estimated else "attributed"
            trial.meter.add("policy server", told.reading(accepted))
        return Attempt()

    def _chunk(self, trial: Trial, told: Told) -> None:
        with trial.meter.phase("sensing"):
            seen = observation(trial.scene, self.prompt or instruction(trial.task))
        with trial.meter.phase("policy"):
            policy = self._connect()
            told.asked += 1
            chunk = policy.infer(seen)
        told.add(chunk.timing, policy.metadata)
        for action in chunk.actions[: self.replan]:
            turn, asked = _translated(action)
            trial.scene.robot.yaw_goal += turn
            if trial.step(asked):
                return

    def _connect(self) -> RemotePolicy:
        if self._policy is None:
            self._policy = RemotePolicy(self.address, self.timeout_s)
        return self._policy

    def _close(self) -> None:
        if self._policy is not None:
            self._policy.close()
            self._policy = None


def openpi(name: str, parameters: Mapping[str, str]) -> Method:
    """Return the policy server at an address as a method.

    Args:
        name: ``openpi://host:port``, its parameters behind a question mark.
        parameters: ``prompt``: the instruction; ``replan``: actions of a chunk that
            are carried out (default: 10); ``timeout`` [s] (default: 30).

    Raises:
        MethodError: A parameter is unknown or does not fit.
        MissingVlaError: The extra ``vla`` is missing.
    """
    require_websockets()
    for key in parameters:
        if key not in _PARAMETERS:
            raise MethodError(
                f"method {name!r} has no parameter {key!r}; it takes "
                f"{', '.join(_PARAMETERS)}"
            )
    replan = _number(name, parameters, "replan", "10")
    timeout_s = _number(name, parameters, "timeout", "30")
    return ServedPolicy(
        name,
        name.partition("?")[0],
        parameters.get("prompt", ""),
        max(1, int(replan)),
        timeout_s,
    )


def instruction(task: Task) -> str:
    """Return the goal of a task in words: what a policy from pixels is told."""
    atoms = [_said(atom) for atom in sorted(task.problem.goal)]
    atoms += [f"not {_said(a)}" for a in sorted(task.problem.negative_goal)]
    return f"{task.name.replace('-', ' ')}: {', '.join(atoms)}."


def _said(atom: GroundAtom) -> str:
    first, *others = (*atom.objects, "")
    return " ".join((first, atom.predicate, *others)).strip()


def _number(name: str, parameters: Mapping[str, str], key: str, default: str) -> float:
    text = parameters.get(key, default)
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < math.inf:
        raise MethodError(f"method {name!r}: {key}={text}: give a number above 0")
    return value


def _translated(action: Sequence[float] | Array) -> tuple[float, Array]:
    """Return (turn of the hand [rad], action (4,) of the arm) for a server's action.

    Four entries are the arm's own. Seven are LIBERO's: a displacement (3,) and a turn
    (3,) in [-1, 1], of which that about the vertical is taken, since the hand looks
    down; and the gripper, where 1 closes.

    Raises:
        SkillError: It has another number of entries.
    """
    if len(action) not in _WIDTHS:
        raise SkillError(
            f"the policy server's actions have {len(action)} entries; wanted "
            "4 (dx, dy, dz, gripper) or 7 (LIBERO's)"
        )
    a = np.clip(np.asarray(action, dtype=np.float64), -1.0, 1.0)
    if len(a) == 4:
        return 0.0, a
    return control_step(a)

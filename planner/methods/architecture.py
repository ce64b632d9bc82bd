"""Architecture: SmolVLA or pi0 with random weights as a method, for what it burns.

It is asked for every chunk of actions that the horizon takes, and none is carried out:
a network that was never trained says nothing, so success and progress are unknown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from jouleplan.energy.meter import Mark
from jouleplan.energy.reading import Reading, add_readings
from jouleplan.energy.records import TrainingShare
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.planner.methods.errors import MethodError
from jouleplan.planner.methods.method import Attempt, Method, Trial
from jouleplan.planner.methods.openpi import instruction
from jouleplan.planner.phases import by_phase
from jouleplan.skills.vla.architectures.blueprint import BLUEPRINTS, CHUNK, Blueprint
from jouleplan.skills.vla.architectures.policy import (
    CAMERAS,
    check_allowed,
    checked_dtype,
    require_architectures,
)
from jouleplan.skills.vla.errors import ArchitectureError
from jouleplan.skills.vla.views import observation

if TYPE_CHECKING:
    from jouleplan.skills.vla.architectures.policy import RandomPolicy

SCALED: Final = "policy, scaled"
"""Phase that stands for the chunks that were not made."""
UNTRAINED: Final = "random weights: its training is not counted, it was never trained"
USUAL: Final = 2
"""Chunks an episode: each is the same arithmetic, and one may take 20 CPU-seconds."""
_OWN: Final = ("policy", "sensing")


@dataclass(frozen=True, slots=True)
class Wish:
    """How an architecture is run.

    Attributes:
        dtype: Kind of number of weights and arithmetic.
        cameras: Pictures that it looks at.
        threads: Of torch.
        seed: Of the weights.
        replan: Control steps for which a chunk would serve.
        chunks: Chunks of an episode that are made; the rest is scaled from them. 0 for
            all; None for ``USUAL`` of them where joules are estimated, all where a
            sensor measures.
        prompt: The instruction; empty takes the goal in words.
        memory_gb: What it may take [GB]; None for nothing said.
    """

    dtype: str
    cameras: int = len(CAMERAS)
    threads: int = 1
    seed: int = 0
    replan: int = CHUNK
    chunks: int | None = None
    prompt: str = ""
    memory_gb: float | None = None


@dataclass(slots=True)
class ArchitectureMethod:
    """An architecture as a method; see ``Method`` for the other attributes.

    Attributes:
        blueprint: Its sizes.
        wish: How it is run.
    """

    name: str
    blueprint: Blueprint
    wish: Wish
    pixels: bool = True
    _policy: RandomPolicy | None = field(default=None, repr=False)
    _flops: float = 0.0

    @property
    def label(self) -> str:
        """For people."""
        given = self.name.partition("?")[2]
        return f"{self.blueprint.label} ({given})" if given else self.blueprint.label

    @property
    def description(self) -> str:
        """What it is."""
        wish = self.wish
        chunks = USUAL if wish.chunks is None else wish.chunks
        made = (
            f"Of its chunks {chunks} an episode are made, the others' cost is scaled "
            f'from them (phase "{SCALED}")'
            if chunks
            else "Every chunk that the horizon takes is made"
        )
        if wish.chunks is None:
            made += "; where a sensor measures, all are made"
        return (
            f"The architecture at its true size, {self.blueprint.parameters / 1e6:,.0f}"
            f" M parameters, {self.wish.dtype}, with random weights: one chunk of "
            f"{CHUNK} actions in 10 flow steps for every {self.wish.replan} control "
            f"steps, from {self.wish.cameras} picture(s). {made}. No action is carried "
            "out, the arm is held still: success and progress are unknown, which is "
            "not zero."
        )

    @property
    def training(self) -> tuple[TrainingShare, ...]:
        """Unknown: what training such a model takes is not metered here."""
        return (
            TrainingShare(
                "end to end", "none", 0, None, None, "unavailable", UNTRAINED, None
            ),
        )

    @property
    def settings(self) -> Mapping[str, object]:
        """All that its cost depends on."""
        from importlib.metadata import version

        wish = self.wish
        return {
            "cameras": wish.cameras,
            "chunks": wish.chunks,
            "dtype": wish.dtype,
            "prompt": wish.prompt,
            "replan": wish.replan,
            "seed": wish.seed,
            "threads": wish.threads,
            "torch": version("torch"),
            "transformers": version("transformers"),
        }

    def warm_up(self, trial: Trial) -> None:
        """Draw the weights, have one chunk made, and count its operations."""
        policy = self._made()
        seen = observation(trial.scene, self.wish.prompt or instruction(trial.task))
        self._flops = policy.flops(seen)
        policy.infer(seen)

    def run(self, trial: Trial) -> Attempt:
        """Have the chunks of the horizon made, the arm held still.

        Raises:
            MethodError: Chunks shall be scaled where a sensor measures.
        """
        wish, estimated = self.wish, isinstance(trial.meter.source, CpuTimeModel)
        if wish.chunks and not estimated:
            raise MethodError(
                f"method {self.name!r}: chunks={wish.chunks} scales an estimate; "
                f"here {trial.meter.source.name} measures: leave it out"
            )
        total = math.ceil(trial.horizon / wish.replan)
        made = chunks_made(wish, total, estimated)
        mark = trial.meter.mark()
        for number in range(total):
            if number < made:
                self._chunk(trial)
            left = min(self.wish.replan, trial.horizon - trial.control_steps)
            with trial.meter.phase("control"):
                trial.scene.robot.hold(left)
        if made < total:
            trial.meter.add(SCALED, _scaled(trial, mark, total - made, made))
        return Attempt(flops=self._flops * total, judged=False)

    def _chunk(self, trial: Trial) -> None:
        with trial.meter.phase("sensing"):
            seen = observation(trial.scene, self.wish.prompt or instruction(trial.task))
        with trial.meter.phase("policy"):
            self._made().infer(seen)

    def _made(self) -> RandomPolicy:
        if self._policy is None:
            self._policy = build(self.blueprint, self.wish)
        return self._policy


def chunks_made(wish: Wish, total: int, estimated: bool) -> int:
    """Return how many of the chunks of an episode are made, not scaled.

    Args:
        wish: What was asked for.
        total: Chunks that the horizon takes.
        estimated: Whether the joules are a model's, and not a sensor's.
    """
    usual = USUAL if estimated else total
    return min(total, (usual if wish.chunks is None else wish.chunks) or total)


def build(blueprint: Blueprint, wish: Wish) -> RandomPolicy:
    """Return the architecture with its random weights."""
    from jouleplan.skills.vla.architectures.policy import RandomPolicy

    return RandomPolicy(
        blueprint,
        seed=wish.seed,
        dtype=wish.dtype,
        cameras=wish.cameras,
        threads=wish.threads,
    )


def wished(name: str, parameters: Mapping[str, str]) -> tuple[Blueprint, Wish]:
    """Return the architecture of a name, and how it is to be run.

    Args:
        name: One of ``BLUEPRINTS``, its parameters behind a question mark.
        parameters: ``dtype``: fp32 or bf16; ``cameras``: 1 or 2; ``threads``;
            ``seed``: of the weights; ``replan``: control steps a chunk; ``chunks``:
            how many of an episode are made; ``prompt``; ``memory``: what it may take
            [GB].

    Raises:
        MethodError: A parameter is unknown or does not fit.
        MissingArchitecturesError: torch or transformers is missing.
        ArchitectureError: It was not allowed the memory that it needs.
    """
    blueprint = BLUEPRINTS[name.partition("?")[0]]
    _check_known(name, parameters)
    memory = parameters.get("memory")
    try:
        dtype = checked_dtype(parameters.get("dtype", blueprint.dtype))
    except ArchitectureError as error:
        raise MethodError(f"method {name!r}: {error}") from error
    wish = Wish(
        dtype=dtype,
        cameras=_whole(name, parameters, "cameras", 1, len(CAMERAS), len(CAMERAS)),
        threads=_whole(name, parameters, "threads", 1, 1024, 1),
        seed=_whole(name, parameters, "seed", 0, 2**31 - 1, 0),
        replan=_whole(name, parameters, "replan", 1, CHUNK, CHUNK),
        chunks=_whole(name, parameters, "chunks", 0, 10**6, 0)
        if "chunks" in parameters
        else None,
        prompt=parameters.get("prompt", ""),
        memory_gb=None
        if memory is None
        else float(_whole(name, parameters, "memory", 1, 10**6, 0)),
    )
    require_architectures()
    check_allowed(blueprint, wish.dtype, wish.memory_gb)
    return blueprint, wish


def architecture(name: str, parameters: Mapping[str, str]) -> Method:
    """Return an architecture with random weights as a method; see ``wished``."""
    blueprint, wish = wished(name, parameters)
    return ArchitectureMethod(name, blueprint, wish)


def _scaled(trial: Trial, mark: Mark, missing: int, made: int) -> Reading:
    """Return what the missing chunks would have used, by those that were made."""
    phases = by_phase(trial.meter.since(mark))
    own = add_readings(phases[name] for name in _OWN if name in phases)
    factor = missing / made
    return Reading(
        None if own.energy_j is None else own.energy_j * factor,
        own.cpu_s * factor,
        own.wall_s * factor,
        missing,
        own.source,
        own.quality,
        {part: joules * factor for part, joules in own.components.items()},
    )


def _check_known(name: str, parameters: Mapping[str, str]) -> None:
    allowed = (
        "dtype",
        "cameras",
        "threads",
        "seed",
        "replan",
        "chunks",
        "prompt",
        "memory",
    )
    unknown = [key for key in parameters if key not in allowed]
    if unknown:
        raise MethodError(
            f"method {name!r} has no parameter {unknown[0]!r}; it takes "
            f"{', '.join(allowed)}"
        )


def _whole(
    name: str,
    parameters: Mapping[str, str],
    key: str,
    least: int,
    most: int,
    default: int,
) -> int:
    text = parameters.get(key, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise MethodError(
            f"method {name!r}: {key}={text}: give a whole number from {least} to {most}"
        )
    return int(text)

"""Serving: our own policies from pictures, each answer metered where it is made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from jouleplan.energy.meter import Meter
from jouleplan.energy.reading import Quality, Reading
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.planner.methods.architecture import build, wished
from jouleplan.planner.methods.errors import MethodError
from jouleplan.planner.methods.registry import parameters_of
from jouleplan.planner.methods.told import ENERGY_QUALITY, ENERGY_SOURCE
from jouleplan.planner.methods.vla import END_TO_END, GUIDED
from jouleplan.skills.vla.architectures.blueprint import BLUEPRINTS
from jouleplan.skills.vla.library import NAME, vla_file
from jouleplan.skills.vla.pixels import ServedVla
from jouleplan.skills.vla.policy import VlaPolicy
from jouleplan.skills.vla.serve import Actions, PixelPolicy

PHASE: Final = "policy"


def _random(asked: str, parameters: Mapping[str, str]) -> PixelPolicy:
    return build(*wished(asked, parameters))


def _trained(asked: str, parameters: Mapping[str, str]) -> PixelPolicy:
    # a seed is for those that draw; this one answers the same every time
    unknown = sorted(set(parameters) - {"policy", "seed"})
    if unknown:
        raise MethodError(
            f"policy {asked!r} has no parameter {unknown[0]!r}; it takes policy, a "
            "folder of `jouleplan train vla`"
        )
    folder = Path(parameters["policy"]) if "policy" in parameters else None
    mode = asked.partition("?")[0].removeprefix(f"{NAME}-")
    return ServedVla(VlaPolicy(vla_file(folder, mode)))


SERVED: Final[Mapping[str, Callable[[str, Mapping[str, str]], PixelPolicy]]] = (
    MappingProxyType(
        {END_TO_END: _trained, GUIDED: _trained, **dict.fromkeys(BLUEPRINTS, _random)}
    )
)
"""Name -> what makes the policy from what was asked for and its parameters."""


def find_policy(asked: str) -> PixelPolicy:
    """Return a policy that can be served.

    Args:
        asked: A name, its parameters behind a question mark.

    Raises:
        MethodError: There is no such policy, or its parameters do not fit.
        SkillError: What it needs is missing.
    """
    name = asked.partition("?")[0]
    if name not in SERVED:
        raise MethodError(
            f"no policy {asked!r} acts from pictures; there are {', '.join(SERVED)}"
        )
    return SERVED[name](asked, parameters_of(asked))


class MeteredPolicy:
    """Answers one observation at a time, and counts what that takes.

    Args:
        policy: What answers.
        meter: Charged with its answers, and with nothing else of this process.
        prompt: The instruction for observations that bring none.

    Attributes:
        calls: Observations answered.
        failed: Observations that the policy failed on.
    """

    def __init__(self, policy: PixelPolicy, meter: Meter, prompt: str = "") -> None:
        """Begin with nothing answered."""
        self._policy, self._meter, self._prompt = policy, meter, prompt
        self._one = threading.Lock()
        self.calls = self.failed = 0

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The policy's, with what its joules rest on."""
        meter = self._meter
        return {
            **self._policy.metadata,
            ENERGY_SOURCE: meter.source.name,
            ENERGY_QUALITY: _quality(meter),
        }

    def infer(
        self, observation: Mapping[str, Any]
    ) -> tuple[Actions, Mapping[str, float]]:
        """Return the actions, and what they took: ``cpu_s``, and ``energy_j`` if known.

        Raises:
            Exception: Whatever the policy fails with.
        """
        if self._prompt and not observation.get("prompt"):
            observation = {**observation, "prompt": self._prompt}
        with self._one:
            mark = self._meter.mark()
            try:
                with self._meter.phase(PHASE):
                    actions = self._policy.infer(observation)
            except Exception:
                self.failed += 1
                raise
            self.calls += 1
            took = self._meter.total(mark)
        told = {"cpu_s": took.cpu_s}
        if took.energy_j is not None:
            told["energy_j"] = took.energy_j
        return actions, told

    def total(self) -> Reading:
        """Return what all answers took together."""
        return self._meter.total()


def _quality(meter: Meter) -> Quality:
    """Return what the joules of single answers are."""
    return "estimated" if isinstance(meter.source, CpuTimeModel) else "attributed"

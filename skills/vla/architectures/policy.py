"""Random policy: a true architecture with random weights, answering observations.

Its actions mean nothing; what it burns to make them is real.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from jouleplan.skills.vla.architectures.blueprint import (
    ACTION_WIDTH,
    BYTES,
    CHUNK,
    WORDS,
    Blueprint,
)
from jouleplan.skills.vla.errors import ArchitectureError, MissingArchitecturesError

CAMERAS: Final = ("observation/image", "observation/wrist_image")
_ANSWERED: Final = 7


def require_architectures() -> None:
    """Check that what builds architectures is installed.

    Raises:
        MissingArchitecturesError: It is not.
    """
    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    if missing:
        raise MissingArchitecturesError(
            f"SmolVLA and pi0 are built with {' and '.join(missing)}: "
            "pip install 'jouleplan[architectures]'"
        )


def check_allowed(blueprint: Blueprint, dtype: str, given_gb: float | None) -> None:
    """Check that an architecture was allowed the memory that it needs.

    Args:
        blueprint: Its sizes.
        dtype: One of ``BYTES``.
        given_gb: What it was allowed [GB]; None for nothing said.

    Raises:
        ArchitectureError: It was not, or not enough.
    """
    needed = blueprint.memory_gb(dtype)
    ask = f"ask for it: {blueprint.name}?memory={math.ceil(needed)}"
    if given_gb is None and not blueprint.free:
        raise ArchitectureError(
            f"{blueprint.name} takes about {needed:.1f} GB in {dtype}; {ask}"
        )
    if given_gb is not None and given_gb < needed:
        raise ArchitectureError(
            f"{blueprint.name} takes about {needed:.1f} GB in {dtype}, more than the "
            f"{given_gb:g} GB allowed; {ask}"
        )


def check_available(blueprint: Blueprint, dtype: str) -> None:
    """Check that this machine has the memory that an architecture needs.

    Raises:
        ArchitectureError: It has less.
    """
    needed, there = blueprint.memory_gb(dtype), available_gb()
    if there is not None and there < needed:
        raise ArchitectureError(
            f"{blueprint.name} takes about {needed:.1f} GB in {dtype}; this machine "
            f"has {there:.1f} GB free: end other programs, or take another method"
        )


def available_gb() -> float | None:
    """Return the memory that can be had without swapping [GB]; None if unknown."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            facts = dict(line.split(":", 1) for line in file)
        return int(facts["MemAvailable"].split()[0]) * 1024 / 1e9
    except (OSError, KeyError, ValueError):
        return None


class RandomPolicy:
    """An architecture with random weights, behind the interface of any pixel policy.

    Args:
        blueprint: Its sizes.
        seed: Of the weights, and of the noise that the flow begins from.
        dtype: One of ``BYTES``.
        cameras: How many of ``CAMERAS`` it looks through.
        threads: Of torch; two that share a busy core spin.

    Raises:
        MissingArchitecturesError: torch or transformers is missing.
        ArchitectureError: This machine lacks the memory.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        *,
        seed: int = 0,
        dtype: str = "",
        cameras: int = len(CAMERAS),
        threads: int = 1,
    ) -> None:
        """Build the modules and draw the weights."""
        require_architectures()
        import torch

        self.blueprint, self.cameras = blueprint, CAMERAS[:cameras]
        self.dtype = dtype or blueprint.dtype
        check_available(blueprint, self.dtype)
        self._number = {"fp32": torch.float32, "bf16": torch.bfloat16}[self.dtype]
        torch.set_num_threads(threads)
        self._model = _built(blueprint, seed, self._number)
        self._draw = torch.Generator().manual_seed(seed)
        self._flops: float | None = None

    @property
    def parameters(self) -> int:
        """Number of parameters."""
        return sum(p.numel() for p in self._model.parameters())

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What a client is told first."""
        return {
            "policy": self.blueprint.name,
            "weights": "random: the actions mean nothing",
            "parameters": self.parameters,
            "dtype": self.dtype,
            "cameras": list(self.cameras),
            "chunk": CHUNK,
        }

    def infer(self, observation: Mapping[str, Any]) -> npt.NDArray[np.float32]:
        """Return a chunk of actions (50, 7) in [-1, 1].

        Args:
            observation: As ``views.observation`` makes them.

        Raises:
            ArchitectureError: A picture is missing or is none.
        """
        import torch

        with torch.inference_mode():
            found = self._model(*self._seen(observation))
        actions = found[0, :, :_ANSWERED].float().clamp(-1.0, 1.0)
        answer: npt.NDArray[np.float32] = actions.numpy()
        return answer

    def flops(self, observation: Mapping[str, Any]) -> float:
        """Return floating point operations of a chunk, counted once.

        Matrix products, convolutions and attention, two a multiplication with its sum,
        as torch counts them.
        """
        if self._flops is None:
            from torch.nn.attention import SDPBackend, sdpa_kernel
            from torch.utils.flop_counter import FlopCounterMode

            counter = FlopCounterMode(display=False)
            # torch counts no product inside the CPU's fused attention
            with sdpa_kernel(SDPBackend.MATH), counter:
                self.infer(observation)
            self._flops = float(counter.get_total_flops())
        return self._flops

    def _seen(self, observation: Mapping[str, Any]) -> tuple[Any, Any, Any, Any]:
        import torch

        side = self.blueprint.vision.side
        pictures = torch.cat(
            [_picture(observation, name, side) for name in self.cameras]
        )
        state = np.zeros((1, ACTION_WIDTH), np.float32)
        told = np.asarray(observation.get("observation/state", ()), np.float32).ravel()
        state[0, : len(told)] = told[:ACTION_WIDTH]
        noise = torch.randn((1, CHUNK, ACTION_WIDTH), generator=self._draw)
        return (
            pictures.to(self._number),
            torch.from_numpy(_tokens(str(observation.get("prompt", "")))),
            torch.from_numpy(state).to(self._number),
            noise.to(self._number),
        )


def _built(blueprint: Blueprint, seed: int, number: Any) -> Any:
    import torch

    from jouleplan.skills.vla.architectures.flow import FlowPolicy

    usual = torch.get_default_dtype()
    torch.set_default_dtype(number)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return FlowPolicy(blueprint).eval()
    finally:
        torch.set_default_dtype(usual)


def _picture(observation: Mapping[str, Any], name: str, side: int) -> Any:
    """Return a picture (1, 3, side, side), -1 to 1."""
    import torch
    from torch.nn import functional

    picture = observation.get(name)
    if not isinstance(picture, np.ndarray) or picture.ndim != 3:
        shape = getattr(picture, "shape", type(picture).__name__)
        raise ArchitectureError(
            f"{name} is {shape}; wanted a picture (height, width, 3) of bytes"
        )
    pixels = torch.from_numpy(np.array(picture[..., :3], np.float32))
    wide = pixels.permute(2, 0, 1)[None] / 127.5 - 1.0
    return functional.interpolate(wide, (side, side), mode="bilinear")


def _tokens(prompt: str) -> npt.NDArray[np.int64]:
    """Return the instruction's bytes as tokens (1, WORDS): no tokeniser is at hand.

    With random weights one token is as good as another; their number is what costs.
    """
    told = np.frombuffer(prompt.encode()[:WORDS], np.uint8)
    tokens = np.zeros((1, WORDS), np.int64)
    tokens[0, : len(told)] = told
    return tokens


def checked_dtype(dtype: str) -> str:
    """Return ``dtype``.

    Raises:
        ArchitectureError: There is no such kind of number.
    """
    if dtype not in BYTES:
        raise ArchitectureError(f"dtype={dtype}: give {' or '.join(BYTES)}")
    return dtype

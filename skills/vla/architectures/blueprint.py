"""Blueprint: the sizes of a vision-language-action architecture, without its weights.

| here | SmolVLA (lerobot) | pi0 (openpi, lerobot) |
|---|---|---|
| text | SmolLM2 of SmolVLM2-500M, 16 of its 32 layers | Gemma 2B of PaliGemma |
| vision | SigLIP B/16 at 512 px, 64 tokens a picture | So400m/14 at 224 px, 256 |
| expert | 0.75 x the width, every second layer attends across | Gemma 300M, joint |

Source: SmolVLA, arXiv:2506.01844, sec. 3; pi0, arXiv:2410.24164, sec. IV and app. B;
lerobot 0.4.4, ``policies/smolvla`` and ``policies/pi0`` (Apache-2.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

CHUNK: Final = 50
"""Actions of a chunk."""
FLOW_STEPS: Final = 10
"""Euler steps of flow matching."""
ACTION_WIDTH: Final = 32
"""Entries of state and action inside, padded; a server answers with the first 7."""
WORDS: Final = 48
"""Tokens of the instruction, padded to that."""


@dataclass(frozen=True, slots=True)
class Tower:
    """A stack of transformer layers.

    Attributes:
        width: Of the residual stream.
        hidden: Of the feed-forward layers.
        layers: How many.
        heads: Of the queries.
        kv_heads: Of keys and values.
        head: Width of a head.
        vocabulary: Rows of the embedding.
    """

    width: int
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head: int
    vocabulary: int


@dataclass(frozen=True, slots=True)
class Eye:
    """A SigLIP vision tower.

    Attributes:
        width: Of the residual stream.
        hidden: Of the feed-forward layers.
        layers: How many.
        heads: How many.
        side: Width and height of a picture [px].
        patch: Width and height of a patch [px].
        shuffle: Factor by which patches are gathered into tokens along each side.
    """

    width: int
    hidden: int
    layers: int
    heads: int
    side: int
    patch: int
    shuffle: int = 1

    @property
    def tokens(self) -> int:
        """Tokens of a picture."""
        return (self.side // self.patch // self.shuffle) ** 2


@dataclass(frozen=True, slots=True)
class Blueprint:
    """An architecture.

    Attributes:
        name: Of the method.
        label: For people.
        text: The language model.
        vision: What sees.
        expert: The action expert.
        across: Every so many-th layer of the expert attends to itself too, the others
            to the prefix alone; 1 for all.
        state_first: Whether the state belongs to the prefix, not beside the actions.
        parameters: As built, all of them.
        trainable: Those that a fine-tuning moves; of pi0 all.
        dtype: Of weights and arithmetic unless told otherwise.
        free: Whether it may be built without being given memory.
    """

    name: str
    label: str
    text: Tower
    vision: Eye
    expert: Tower
    across: int
    state_first: bool
    parameters: float
    trainable: float
    dtype: str
    free: bool

    def memory_gb(self, dtype: str) -> float:
        """Return what weights and activations take, about [GB]."""
        return self.parameters * BYTES[dtype] / 1e9 + _ACTIVATIONS_GB

    def prefix(self, cameras: int) -> int:
        """Return the tokens whose keys and values are cached."""
        return cameras * self.vision.tokens + WORDS + self.state_first


BYTES: Final[Mapping[str, int]] = MappingProxyType({"fp32": 4, "bf16": 2})
"""Kind of number -> bytes of one."""
_ACTIVATIONS_GB: Final = 1.5

SMOLVLA: Final = Blueprint(
    name="smolvla-random",
    label="SmolVLA architecture, random weights",
    text=Tower(960, 2560, 16, 15, 5, 64, 49280),
    vision=Eye(768, 3072, 12, 12, 512, 16, 4),
    expert=Tower(720, 2048, 16, 15, 5, 64, 0),
    across=2,
    state_first=True,
    parameters=450.0e6,
    trainable=99.9e6,
    dtype="fp32",
    free=True,
)
PI0: Final = Blueprint(
    name="pi0-random",
    label="pi0 architecture, random weights",
    text=Tower(2048, 16384, 18, 8, 1, 256, 257_152),
    vision=Eye(1152, 4304, 27, 16, 224, 14),
    expert=Tower(1024, 4096, 18, 8, 1, 256, 257_152),
    across=1,
    state_first=False,
    parameters=3.50e9,
    trainable=3.50e9,
    dtype="bf16",
    free=False,
)

BLUEPRINTS: Final[Mapping[str, Blueprint]] = MappingProxyType(
    {one.name: one for one in (SMOLVLA, PI0)}
)
"""Name of the method -> architecture."""

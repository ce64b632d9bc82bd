"""A tiny sibling of SmolVLA: the same build, little arithmetic."""

from dataclasses import replace

import numpy as np

from jouleplan.skills.vla.architectures.blueprint import SMOLVLA, Blueprint, Eye, Tower

TINY: Blueprint = replace(
    SMOLVLA,
    text=Tower(24, 32, 2, 3, 1, 8, 256),
    vision=Eye(16, 24, 1, 2, 32, 8, 2),
    expert=Tower(18, 24, 2, 3, 1, 8, 0),
    parameters=3e4,
)
TINY_PI0: Blueprint = replace(
    TINY,
    text=Tower(24, 32, 2, 2, 1, 8, 256),
    vision=Eye(16, 24, 1, 2, 32, 8),
    expert=Tower(16, 24, 2, 2, 1, 8, 64),
    across=1,
    state_first=False,
)
OBSERVATION = {
    "observation/image": np.full((40, 60, 3), 90, np.uint8),
    "observation/wrist_image": np.zeros((40, 60, 3), np.uint8),
    "observation/state": np.arange(8.0),
    "prompt": "hanoi: d1 on d2.",
}

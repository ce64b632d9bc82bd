"""Pixels: our own trained policy in the form that is served."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from jouleplan.skills.errors import SkillError
from jouleplan.skills.vla.actions import FRAME_STEPS
from jouleplan.skills.vla.policy import Picture, VlaPolicy

_PICTURES: Final = ("observation/image", "observation/wrist_image")
_STATE: Final = 8


class ServedVla:
    """A policy that answers openpi's observations at the arm's own rate.

    Each action of a frame stands for ``FRAME_STEPS`` control steps, and is answered as
    often; in the step in which the gripper moves the arm stands still.

    Args:
        policy: What answers.
    """

    def __init__(self, policy: VlaPolicy) -> None:
        """Keep it."""
        self._policy = policy

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What a client is told first."""
        policy = self._policy
        return {
            "policy": policy.path.stem,
            "side": policy.side,
            "chunk": policy.chunk * FRAME_STEPS,
        }

    def infer(self, observation: Mapping[str, Any]) -> npt.NDArray[np.float32]:
        """Return actions (3 x chunk, 7) in LIBERO's form, one a control step.

        Args:
            observation: As ``views.observation`` makes them; pictures of another size
                are resized.

        Raises:
            SkillError: An entry is missing or of another form.
            PolicyOutputError: The policy answered with a number that is not finite.
        """
        scene, wrist = (self._picture(observation, key) for key in _PICTURES)
        state = np.asarray(_entry(observation, "observation/state"), np.float32)
        if state.shape != (_STATE,):
            raise SkillError(f"observation/state has shape {state.shape}; wanted (8,)")
        prompt = str(_entry(observation, "prompt"))
        chunk = self._policy(scene, wrist, state, prompt)
        return np.repeat(chunk, FRAME_STEPS, axis=0)

    def _picture(self, observation: Mapping[str, Any], key: str) -> Picture:
        from PIL import Image

        picture = np.asarray(_entry(observation, key))
        side = self._policy.side
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
            raise SkillError(
                f"{key} is {picture.dtype} of shape {picture.shape}; wanted uint8, "
                "(height, width, 3)"
            )
        if picture.shape[:2] == (side, side):
            return picture
        image = Image.fromarray(picture)
        return np.asarray(image.resize((side, side), Image.Resampling.BOX))


def _entry(observation: Mapping[str, Any], key: str) -> Any:
    if key not in observation:
        raise SkillError(f"the observation lacks {key!r}; it has {sorted(observation)}")
    return observation[key]

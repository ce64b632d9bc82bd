"""A policy from pixels and words, through ONNX Runtime alone.

Two files: `<name>.onnx` answers with a chunk of actions; `<name>-words.onnx` embeds the
prompt, once, and holds the vocabulary.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from jouleplan.skills.errors import PolicyFileError, PolicyOutputError
from jouleplan.skills.policy import MAX_BYTES, open_session
from jouleplan.skills.vla.prompt import Vocabulary

WORDS: Final = "-words"
FLOPS: Final = "flops"
VOCABULARY: Final = "vocabulary"
_WIDTH: Final = 7

Picture = npt.NDArray[np.uint8]


class VlaPolicy:
    """Two pictures, the arm's state and a prompt -> a chunk of actions.

    Args:
        path: The file of the network; that of the words lies beside it.

    Attributes:
        path: As given.
        side: Width and height of its pictures [px].
        chunk: Actions of a chunk.
        flops: Floating point operations of a chunk, without the prompt's.
        prompt_flops: Those of embedding a prompt, once.

    Raises:
        PolicyFileError: A file is missing, over 1 MB, damaged, or of another kind.
    """

    def __init__(self, path: Path) -> None:
        """Load and check both files."""
        self.path = path
        self._network, about = _open(path)
        self._language, told = _open(words_file(path))
        try:
            self.side = int(self._network.get_inputs()[0].shape[1])
            _, self.chunk, width = self._network.get_outputs()[0].shape
            self.flops, self.prompt_flops = float(about[FLOPS]), float(told[FLOPS])
            words = json.loads(told[VOCABULARY])
            self._vocabulary = Vocabulary(tuple(map(str, words)))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise PolicyFileError(
                f"{path} is no policy from pixels ({error}); `jouleplan train vla` "
                "makes one"
            ) from error
        if width != _WIDTH:
            raise PolicyFileError(
                f"{path} answers with {width} entries an action, not {_WIDTH}; train "
                "it again"
            )
        self._cached: dict[str, npt.NDArray[np.float32]] = {}

    @property
    def files(self) -> tuple[Path, Path]:
        """Both files."""
        return self.path, words_file(self.path)

    def embedded(self, prompt: str) -> bool:
        """Return whether a prompt's embedding is at hand."""
        return prompt in self._cached

    def __call__(
        self,
        scene: Picture,
        wrist: Picture,
        state: npt.NDArray[np.float32],
        prompt: str,
    ) -> npt.NDArray[np.float32]:
        """Return the actions (chunk, 7) for what is seen; see ``vla.actions``.

        Args:
            scene: Picture (side, side, 3) of the scene.
            wrist: Picture (side, side, 3) from the hand.
            state: Shape (8,); see ``views.observation``.
            prompt: What shall be done.

        Raises:
            PolicyOutputError: It answered with a number that is not finite.
        """
        if prompt not in self._cached:
            words = self._vocabulary.encode(prompt)[None]
            self._cached[prompt] = self._language.run(None, {"words": words})[0]
        inputs = {
            "scene": scene[None],
            "wrist": wrist[None],
            "state": state[None],
            "prompt": self._cached[prompt],
        }
        actions: npt.NDArray[np.float32] = self._network.run(None, inputs)[0][0]
        if not np.isfinite(actions).all():
            raise PolicyOutputError(
                f"{self.path.name} answered with actions that are not finite; the file "
                "is damaged or its training diverged: train it again"
            )
        return actions


def words_file(path: Path) -> Path:
    """Return the file that embeds the prompts of the policy in ``path``."""
    return path.with_name(f"{path.stem}{WORDS}.onnx")


def _open(path: Path) -> tuple[Any, dict[str, str]]:
    if not path.is_file():
        raise PolicyFileError(
            f"no policy file {path}; `jouleplan train vla --data DIR --out DIR` makes "
            "it"
        )
    data = path.read_bytes()
    if len(data) > MAX_BYTES:
        raise PolicyFileError(
            f"{path} has {len(data)} bytes; a policy has at most {MAX_BYTES}"
        )
    session = open_session(path, data)
    return session, dict(session.get_modelmeta().custom_metadata_map)

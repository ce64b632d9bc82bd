"""Film: a GIF of one episode, small whatever its length."""

from __future__ import annotations

import contextlib
import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jouleplan.domains.scene import Scene
from jouleplan.planner.errors import PlannerError

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_FRAMES: Final = 200
FRAME_MS: Final = 80
LAST_MS: Final = 1500
SIZE: Final = (400, 300)
COLOURS: Final = 64
END_FRAMES: Final = 4
"""Pictures of the arm holding still at the end."""


class FilmError(PlannerError, OSError):
    """A film cannot be written where it was asked for."""


class Film:
    """Takes a picture every few control steps; writes them at the end.

    When there are ``MOST_FRAMES`` of them every second one is dropped and pictures
    are taken half as often: a long episode plays faster, and all of it is shown.

    Args:
        path: The GIF file.
        every: Control steps from picture to picture, at first.

    Attributes:
        phase: Entered around every picture and the writing.

    Raises:
        FilmError: ``path`` is no ``.gif``, or its folder is missing or read-only.
    """

    def __init__(self, path: Path, every: int = 5) -> None:
        """Check that the file can be written."""
        if path.suffix.lower() != ".gif":
            raise FilmError(f"film {str(path)!r}: only GIF is written; name it *.gif")
        folder = path.parent
        if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
            raise FilmError(
                f"film {str(path)!r}: give a file in a folder that exists and may be "
                "written"
            )
        self.path = path
        self.phase: AbstractContextManager[None] = contextlib.nullcontext()
        self._every = every
        self._steps = 0
        self._frames: list[Image] = []

    def begin(self, scene: Scene) -> None:
        """Take the first picture."""
        self._take(scene)

    def __call__(self, scene: Scene) -> None:
        """Count a control step, and take a picture if one is due."""
        self._steps += 1
        if self._steps % self._every == 0:
            self._take(scene)
            if len(self._frames) >= MOST_FRAMES:
                del self._frames[1::2]
                self._every *= 2

    def finish(self, scene: Scene) -> None:
        """Film the arm as it holds still, then write the file."""
        for _ in range(END_FRAMES):
            scene.robot.hold(4)
            self._take(scene)
        with self.phase:
            self._write()

    def _take(self, scene: Scene) -> None:
        from PIL import Image

        with self.phase:
            self._frames.append(Image.fromarray(scene.picture(*SIZE)))

    def _write(self) -> None:
        """Write all frames with one palette: what does not change costs no bytes."""
        from PIL import Image

        sample = Image.new("RGB", (SIZE[0], 3 * SIZE[1]))
        for i, at in enumerate((0, len(self._frames) // 2, -1)):
            sample.paste(self._frames[at], (0, i * SIZE[1]))
        palette = sample.quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
        frames = [
            f.quantize(palette=palette, dither=Image.Dither.NONE) for f in self._frames
        ]
        durations = [FRAME_MS] * (len(frames) - 1) + [LAST_MS]
        partial = self.path.with_name(self.path.name + ".part")
        frames[0].save(
            partial,
            format="GIF",
            save_all=True,
            append_images=frames[1:],
            duration=durations,
            loop=0,
            optimize=False,
        )
        partial.replace(self.path)

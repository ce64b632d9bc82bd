"""Strip: a few small pictures of one episode."""

from __future__ import annotations

import io
from typing import Final

from jouleplan.domains.scene import Scene

PICTURES: Final = 5
SIZE: Final = (320, 240)
COLOURS: Final = 64


class Strip:
    """Takes ``PICTURES`` pictures, evenly over an episode; a watcher.

    Args:
        steps: Control steps that the episode takes.
    """

    def __init__(self, steps: int) -> None:
        """Note when pictures are due."""
        self._due = [round(steps * i / (PICTURES - 1)) for i in range(PICTURES - 1)]
        self._start: int | None = None
        self._taken: list[bytes] = []

    def __call__(self, scene: Scene) -> None:
        """Take a picture if one is due; the episode begins with the first call."""
        now = scene.robot.control_steps
        if self._start is None:
            self._start = now
        if self._due and now - self._start >= self._due[0]:
            while self._due and now - self._start >= self._due[0]:
                self._due.pop(0)
            self._taken.append(_png(scene))

    def end(self, scene: Scene) -> None:
        """Take the last picture."""
        self._taken.append(_png(scene))

    @property
    def pictures(self) -> tuple[bytes, ...]:
        """PNG files, in order of time."""
        return tuple(self._taken)


def _png(scene: Scene) -> bytes:
    from PIL import Image

    image = Image.fromarray(scene.picture(*SIZE))
    small = image.quantize(COLOURS, dither=Image.Dither.NONE)
    file = io.BytesIO()
    small.save(file, format="PNG", optimize=True)
    return file.getvalue()

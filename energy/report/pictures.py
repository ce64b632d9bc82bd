"""Picture strips of one episode a domain and method, small enough for a page."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

MOST = 6
"""Pictures of a strip."""

WIDTH = 320
"""Of a picture at most [px]."""

BUDGET = 2_000_000
"""Bytes of all pictures of a report together."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LARGEST = 40_000_000


@dataclass(frozen=True, slots=True)
class Strip:
    """Pictures of one episode, in the order of time.

    Attributes:
        domain: Name of the domain.
        method: As in the ledger.
        words: Which episode it is and how it ended.
        uris: Data URIs; empty where no picture could be shown.
        shown: Which of ``taken`` each one is, from 1.
        taken: How many pictures the ledger holds of it.
        broken: Pictures that are no sound PNG files.
    """

    domain: str
    method: str
    words: str
    uris: tuple[str, ...]
    shown: tuple[int, ...]
    taken: int
    broken: int


def strips(pictures: pandas.DataFrame) -> list[Strip]:
    """Return a strip for each domain and method that has pictures."""
    found, left = [], BUDGET
    groups = list(pictures.groupby(["domain", "method"], sort=False))
    for place, ((domain, method), mine) in enumerate(groups):
        taken = len(mine)
        count = min(MOST, taken)
        chosen = sorted(
            {round(i * (taken - 1) / max(count - 1, 1)) for i in range(count)}
        )
        uris: list[str] = []
        shown: list[int] = []
        broken = 0
        share = left // (len(groups) - place)
        for i in chosen:
            uri = _uri(mine["png"].iloc[i])
            if uri is None:
                broken += 1
            elif sum(len(one) for one in uris) + len(uri) <= share:
                uris.append(uri)
                shown.append(i + 1)
        left -= sum(len(one) for one in uris)
        first = mine.iloc[0]
        ended = "goal reached" if first["success"] else "goal not reached"
        words = f"{domain} {first['problem']}, seed {first['seed']}: {ended}"
        found.append(
            Strip(
                str(domain),
                str(method),
                words,
                tuple(uris),
                tuple(shown),
                taken,
                broken,
            )
        )
    return found


def _uri(png: object) -> str | None:
    """Return a picture as a data URI; None where it is no sound PNG file."""
    if not isinstance(png, bytes) or not png.startswith(_SIGNATURE):
        return None
    from PIL import Image

    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
            if image.width * image.height > _LARGEST:
                return None
            small = image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    small.thumbnail((WIDTH, WIDTH))
    out = io.BytesIO()
    small.quantize(128).save(out, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode("ascii")

"""Network: pictures and words encoded apart, fused late, a chunk of actions out.

The words become a few queries, once a prompt. Each query looks for its place in the
features of each picture; what is found there, and where, goes to a head that answers
with a whole chunk of actions.

Source: NanoVLA, arXiv:2510.25122, sec. 3 (encoders apart, late fusion by attention,
cached language, long chunks); spatial soft argmax: Levine et al. 2016,
arXiv:1504.00702, sec. 5.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

_STATE: Final = 8
_PROMPT: Final = 64
_VALUES: Final = 8
_SEEN: Final = 2 + _VALUES
"""Entries that a query finds: the place, and what is there."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a network.

    Attributes:
        words: Entries of the vocabulary, the unknown word and the padding included.
        side: Width and height of a picture [px]; a multiple of 16; those of the
            cameras are twice as large.
        chunk: Actions of a chunk.
        channels: Of the fine feature maps.
        queries: Of the prompt, and as many that are the same for every prompt.
        hidden: Width of language and head.
    """

    words: int
    side: int = 64
    chunk: int = 8
    channels: int = 16
    queries: int = 8
    hidden: int = 192


class Language(nn.Module):
    """Words -> the embedding of a prompt.

    A recurrent layer, since the order tells what goes on what. Number 0 pads, 1 is a
    word that was never trained on.
    """

    def __init__(self, shape: Shape) -> None:
        """Draw the weights."""
        super().__init__()
        self.table = nn.Embedding(shape.words, 24, padding_idx=0)
        self.cell = nn.GRUCell(24, _PROMPT)

    def forward(self, words: Tensor) -> Tensor:
        """Return the embedding (b, 64) of words (b, n), padded behind."""
        table = self.table(words)
        hidden = torch.zeros(len(words), _PROMPT)
        for place in range(words.shape[1]):
            told = (words[:, place] != 0).unsqueeze(1)
            hidden = torch.where(told, self.cell(table[:, place], hidden), hidden)
        return hidden


class Tower(nn.Module):
    """A picture -> fine features, and coarse ones with a wide field of view.

    Pictures are halved first: sharp edges of the renderer become shades, in which a
    place is told more finely than a pixel.
    """

    def __init__(self, channels: int) -> None:
        """Draw the weights."""
        super().__init__()
        wide = 2 * channels
        self.stem = nn.Conv2d(3, channels, 5, 2, 2)
        self.fine = nn.Conv2d(channels, channels, 3, 1, 1)
        self.down = nn.Conv2d(channels, wide, 3, 2, 1)
        self.coarse = nn.Conv2d(wide, wide, 3, 1, 1)
        self.wider = nn.Conv2d(wide, wide, 3, 1, 2, dilation=2)
        self.back = nn.Conv2d(wide, channels, 1)
        self.norms = nn.ModuleList(nn.GroupNorm(4, size) for size in (wide, wide))

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Return features (b, c, s/2, s/2) and coarse ones (b, 2c, s/4, s/4).

        Args:
            picture: Shape (b, 3, s, s), in [-1, 1].
        """
        x = functional.relu(self.stem(picture))
        fine = functional.relu(self.fine(x))
        y = functional.relu(self.norms[0](self.down(fine)))
        y = y + functional.relu(self.coarse(y))
        y = y + functional.relu(self.norms[1](self.wider(y)))
        up = functional.interpolate(self.back(y), scale_factor=2.0, mode="nearest")
        return functional.relu(fine + up), y


class Gaze(nn.Module):
    """Queries of a prompt -> where in a picture they find their match, and what.

    Source: see the module; the place is the mean of the attention.
    """

    def __init__(self, shape: Shape) -> None:
        """Draw the weights."""
        super().__init__()
        self.queries, self.keys, side = shape.queries, 16, shape.side // 2
        self.tower = Tower(shape.channels)
        self.key = nn.Conv2d(shape.channels + 2, self.keys, 1)
        self.value = nn.Conv2d(shape.channels + 2, _VALUES, 1)
        self.asked = nn.Linear(_PROMPT, shape.queries * self.keys)
        self.always = nn.Embedding(shape.queries, self.keys)
        self.squeeze = nn.Conv2d(2 * shape.channels, 8, 1)
        line = torch.linspace(-1, 1, side)
        y, x = torch.meshgrid(line, line, indexing="ij")
        self.register_buffer("places", torch.stack((x, y)))
        self.places: Tensor
        self.size = 2 * shape.queries * _SEEN + 8 * (shape.side // 16) ** 2

    def look(self, picture: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return what any prompt may ask of pictures (b, 3, s, s).

        Returns:
            Keys (b, k, p) of p places, what is seen there (b, p, 10), and a summary of
            the whole picture.
        """
        fine, coarse = self.tower(picture)
        places = self.places.expand(len(fine), -1, -1, -1)
        fine = torch.cat((fine, places), 1)
        keys, values = self.key(fine).flatten(2), self.value(fine).flatten(2)
        seen = torch.cat((places.flatten(2), values), 1).transpose(1, 2)
        rest = functional.avg_pool2d(self.squeeze(coarse), 4).flatten(1)
        return keys, seen, rest

    def ask(
        self, looked: tuple[Tensor, Tensor, Tensor], prompt: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return what was found, (b, n), and the summary, for prompts (b, 64)."""
        keys, seen, rest = looked
        asked = self.asked(prompt).unflatten(1, (self.queries, self.keys))
        always = self.always.weight.expand(len(prompt), -1, -1)
        queries = torch.cat((asked, always), 1)
        match = torch.softmax(queries @ keys, -1)
        return (match @ seen).flatten(1), rest


class Head(nn.Module):
    """What was found, the prompt and the arm's state -> a chunk of actions."""

    def __init__(self, inputs: int, shape: Shape, action: int, target: int) -> None:
        """Draw the weights."""
        super().__init__()
        h = shape.hidden
        self.first = nn.Linear(inputs, h)
        self.film = nn.Linear(_PROMPT, 2 * h)
        self.norm = nn.LayerNorm(h)
        self.target = nn.Linear(h, target)
        self.second = nn.Linear(h + target, h)
        self.third = nn.Linear(h, h)
        self.last = nn.Linear(h, shape.chunk * action)
        self.chunk, self.action = shape.chunk, action

    def forward(self, seen: Tensor, prompt: Tensor) -> tuple[Tensor, Tensor]:
        """Return the chunk (b, chunk, action) and the auxiliary answer (b, target)."""
        gain, shift = self.film(prompt).chunk(2, -1)
        x = functional.silu(self.norm(self.first(seen)) * (1 + gain) + shift)
        target = self.target(x)
        x = functional.silu(self.second(torch.cat((x, target), 1)))
        x = x + functional.silu(self.third(x))
        chunk: Tensor = self.last(x).unflatten(1, (self.chunk, self.action))
        return chunk, target


class Network(nn.Module):
    """Two pictures, the arm's state and a prompt -> a chunk of actions."""

    def __init__(self, shape: Shape, action: int, target: int) -> None:
        """Draw the weights."""
        super().__init__()
        self.language = Language(shape)
        self.scene, self.wrist = Gaze(shape), Gaze(shape)
        inputs = self.scene.size + self.wrist.size + _STATE
        self.head = Head(inputs, shape, action, target)

    def forward(
        self, scene: Tensor, wrist: Tensor, state: Tensor, *prompts: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return chunks (b, chunk, action) and auxiliary answers.

        These are the head's (b, target), and where the first two queries of each
        picture found their match, (b, 8). Where there are several prompts a frame, the
        pictures are encoded once; the answers to them stand one after another, b of
        each.

        Args:
            scene: Shape (b, 3, s, s), in [-1, 1].
            wrist: As ``scene``.
            state: Shape (b, 8), normalised.
            prompts: Each of ``language``, (b, 64).
        """
        looked, near = self.scene.look(scene), self.wrist.look(wrist)
        found = [(self.scene.ask(looked, p), self.wrist.ask(near, p)) for p in prompts]
        seen = [torch.cat((*far, *close, state), 1) for far, close in found]
        chunk, target = self.head(torch.cat(seen), torch.cat(prompts))
        spots = [torch.cat((spots_in(f), spots_in(c)), 1) for (f, _), (c, _) in found]
        return chunk, target, torch.cat(spots)


def spots_in(found: Tensor) -> Tensor:
    """Return the places (b, 4) that the first two queries found, of ``Gaze.ask``."""
    return torch.cat((found[:, :2], found[:, _SEEN : _SEEN + 2]), 1)

"""Network: pictures and words encoded apart, fused late, a chunk of actions out.

The words become a few queries, once a prompt. Each query looks for its place in the
features of each picture; what is found there, and where, goes to a head that answers
with a whole chunk of actions.

Source: NanoVLA, arXiv:2510.25122, sec. 3 (encoders apart, late fusion by attention,
cached language, long chunks); spatial soft argmax: Levine et al. 2016,
arXiv:1504.00702, sec. 5.1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

_STATE: int = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a network.

    Attributes:
        words: Entries of the vocabulary, the unknown word and the padding included.
        side: Width and height of a picture [px]; a multiple of 16.
        chunk: Actions of a chunk.
        channels: Of the fine feature maps.
        queries: Of the prompt, and as many that are the same for every prompt.
        hidden: Width of language and head.
    """

    words: int
    side: int = 128
    chunk: int = 8
    channels: int = 32
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
        self.cell = nn.GRUCell(24, 64)

    def forward(self, words: Tensor) -> Tensor:
        """Return the embedding (b, 64) of words (b, n), padded behind."""
        table = self.table(words)
        hidden = torch.zeros(len(words), 64)
        for place in range(words.shape[1]):
            told = (words[:, place] != 0).unsqueeze(1)
            hidden = torch.where(told, self.cell(table[:, place], hidden), hidden)
        return hidden


class Tower(nn.Module):
    """A picture -> features at a quarter of its side, with a wide field of view."""

    def __init__(self, channels: int) -> None:
        """Draw the weights."""
        super().__init__()
        wide = 2 * channels
        self.stem = nn.Conv2d(3, channels, 8, 4, 2)
        self.fine = nn.Conv2d(channels, channels, 3, 1, 1)
        self.down = nn.Conv2d(channels, wide, 3, 2, 1)
        self.coarse = nn.Conv2d(wide, wide, 3, 1, 1)
        self.wider = nn.Conv2d(wide, wide, 3, 1, 2, dilation=2)
        self.back = nn.Conv2d(wide, channels, 1)
        self.norms = nn.ModuleList(
            nn.GroupNorm(8, size)
            for size in (channels, channels, wide, wide, wide, channels)
        )

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        """Return features (b, c, s/4, s/4) and coarse ones (b, 2c, s/8, s/8).

        Args:
            picture: Shape (b, 3, s, s), in [-1, 1].
        """
        norm = self.norms
        x = functional.silu(norm[0](self.stem(picture)))
        fine = functional.silu(norm[1](self.fine(x)))
        y = functional.silu(norm[2](self.down(fine)))
        y = y + functional.silu(norm[3](self.coarse(y)))
        y = y + functional.silu(norm[4](self.wider(y)))
        up = functional.interpolate(self.back(y), scale_factor=2.0, mode="nearest")
        return functional.silu(norm[5](fine + up)), y


class Gaze(nn.Module):
    """Queries of a prompt -> where in a picture they find their match, and what.

    Source: see the module; the place is the mean of the attention.
    """

    def __init__(self, shape: Shape) -> None:
        """Draw the weights."""
        super().__init__()
        self.queries, self.keys, side = shape.queries, 16, shape.side // 4
        self.tower = Tower(shape.channels)
        self.key = nn.Conv2d(shape.channels + 2, self.keys, 1)
        self.value = nn.Conv2d(shape.channels + 2, 8, 1)
        self.asked = nn.Linear(64, shape.queries * self.keys)
        self.always = nn.Parameter(torch.randn(shape.queries, self.keys))
        self.squeeze = nn.Conv2d(2 * shape.channels, 8, 1)
        line = torch.linspace(-1, 1, side)
        y, x = torch.meshgrid(line, line, indexing="ij")
        self.register_buffer("places", torch.stack((x, y)))
        self.places: Tensor
        self.size = 2 * shape.queries * (2 + 8) + 8 * (shape.side // 32) ** 2

    def forward(self, picture: Tensor, prompt: Tensor) -> Tensor:
        """Return what was found (b, ``size``) in pictures (b, 3, s, s)."""
        fine, coarse = self.tower(picture)
        b = len(fine)
        places = self.places.expand(b, -1, -1, -1)
        fine = torch.cat((fine, places), 1)
        keys, values = self.key(fine).flatten(2), self.value(fine).flatten(2)
        asked = self.asked(prompt).unflatten(1, (self.queries, self.keys))
        always = self.always.expand(b, -1, -1)
        queries = torch.cat((asked, always), 1)
        match = torch.softmax(queries @ keys / math.sqrt(self.keys) * 4, -1)
        seen = torch.cat((places.flatten(2), values), 1)
        found = (match @ seen.transpose(1, 2)).flatten(1)
        rest = functional.avg_pool2d(self.squeeze(coarse), 4).flatten(1)
        return torch.cat((found, rest), 1)


class Head(nn.Module):
    """What was found, the prompt and the arm's state -> a chunk of actions."""

    def __init__(self, inputs: int, shape: Shape, action: int, target: int) -> None:
        """Draw the weights."""
        super().__init__()
        h = shape.hidden
        self.first = nn.Linear(inputs, h)
        self.film = nn.Linear(64, 2 * h)
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
        self, scene: Tensor, wrist: Tensor, state: Tensor, prompt: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return the chunk (b, chunk, action) and the auxiliary answer (b, target).

        Args:
            scene: Shape (b, 3, s, s), in [-1, 1].
            wrist: As ``scene``.
            state: Shape (b, 8), normalised.
            prompt: Of ``language``, (b, 64).
        """
        seen = (self.scene(scene, prompt), self.wrist(wrist, prompt), state)
        chunk, target = self.head(torch.cat(seen, 1), prompt)
        return chunk, target

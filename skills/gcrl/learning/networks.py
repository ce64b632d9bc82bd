"""Networks: perceptrons, some of them several at once, and a copy that follows."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from jouleplan.skills.gcrl.learning.half import linear

CACHED = 2**17
"""Entries of a layer that stay in a core's cache, 512 KB; more are had in parts where
nothing is differentiated."""


class Perceptron(nn.Module):
    """GELU layers with layer normalisation; ``members`` of them side by side.

    Args:
        sizes: Of input, hidden layers and output.
        members: Networks of the same shape that are evaluated at once.
        normalise: Normalise hidden layers.

    Source: Park et al., OGBench, arXiv:2410.20092, app. C (networks of its reference
    implementations).
    """

    def __init__(
        self, sizes: Sequence[int], members: int = 1, normalise: bool = True
    ) -> None:
        """Draw weights as ``torch.nn.Linear`` does."""
        super().__init__()
        self.normalise = normalise
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for inputs, outputs in pairwise(sizes):
            bound = 1 / math.sqrt(inputs)
            weight = torch.empty(members, inputs, outputs).uniform_(-bound, bound)
            bias = torch.empty(members, 1, outputs).uniform_(-bound, bound)
            self.weights.append(nn.Parameter(weight))
            self.biases.append(nn.Parameter(bias))
        inner = sizes[1:-1] if normalise else ()
        self.gains = nn.ParameterList(
            nn.Parameter(torch.ones(members, 1, size)) for size in inner
        )
        self.shifts = nn.ParameterList(
            nn.Parameter(torch.zeros(members, 1, size)) for size in inner
        )

    def member(self, index: int) -> Perceptron:
        """Return a copy of one of the networks."""
        one = copy.deepcopy(self)
        for entries in (one.weights, one.biases, one.gains, one.shifts):
            for layer, entry in enumerate(entries):
                entries[layer] = nn.Parameter(entry[index : index + 1].detach().clone())
        return one

    def forward(self, x: Tensor) -> Tensor:
        """Return the outputs, (members, b, out), or (b, out) of a single network."""
        members = len(self.weights[0])
        rows = max(1, CACHED // (members * max(w.shape[-1] for w in self.weights)))
        if torch.is_grad_enabled() or len(x) <= rows:
            y = self._layers(x.expand(members, *x.shape))
        else:
            parts = torch.split(x, rows)
            y = torch.cat([self._layers(p.expand(members, *p.shape)) for p in parts], 1)
        return y[0] if members == 1 else y

    def _layers(self, x: Tensor) -> Tensor:
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(
            zip(self.weights, self.biases, strict=True)
        ):
            x = linear(x, weight, bias)
            if layer == last:
                break
            x = functional.gelu(x)
            if self.normalise:
                # with weights of its own, though all 1 and 0, it takes half the time
                width = x.shape[-1:]
                x = functional.layer_norm(
                    x, width, x.new_ones(width), x.new_zeros(width)
                )
                x = torch.addcmul(self.shifts[layer], x, self.gains[layer])
        return x


class Follower:
    """A copy of a network that follows it slowly: a target network.

    Args:
        network: What is followed.
        rate: Share of the way that is made up at each update.
    """

    def __init__(self, network: nn.Module, rate: float) -> None:
        """Start as an exact copy."""
        self.network, self.rate = copy.deepcopy(network).requires_grad_(False), rate
        self._own: list[Tensor] = list(self.network.parameters())
        self._followed: list[Tensor] = list(network.parameters())

    def __call__(self, *inputs: Tensor) -> Tensor:
        """Return what the copy answers; nothing is differentiated."""
        with torch.no_grad():
            answer: Tensor = self.network(*inputs)
            return answer

    @torch.no_grad()
    def follow(self) -> None:
        """Move a step towards the network."""
        torch._foreach_lerp_(self._own, self._followed, self.rate)


def expectile(difference: Tensor, tau: float) -> Tensor:
    """Return the weights of an expectile regression, |tau - 1[difference < 0]|."""
    return torch.where(difference < 0, 1.0 - tau, tau)


def advantage_weight(advantage: Tensor, temperature: float) -> Tensor:
    """Return exp(temperature x advantage), at most 100 (the sources' clip)."""
    return (temperature * advantage).exp_().clamp_(max=100.0)


def squared_error(mean: Tensor, wanted: Tensor, weight: Tensor | None = None) -> Tensor:
    """Return minus the log-likelihood of unit Gaussians, up to a constant.

    Args:
        mean: Shape (b, n).
        wanted: Shape (b, n).
        weight: Shape (b,); None weighs all alike.
    """
    error = 0.5 * (mean - wanted).square().sum(-1)
    return error.mean() if weight is None else (weight * error).mean()

"""Half precision: products of wide layers in bfloat16, all else in float32.

Weights, sums of gradients, activations and the optimiser stay in float32; only what a
matrix product reads and writes is rounded, to 8 bits. The CPU adds up in float32. A
layer that reads states or writes values and actions is narrow and never rounded: a
step's way is small beside where it is.

Source: Micikevicius et al., Mixed precision training, arXiv:1710.03740 (float32 master
weights); Kalamkar et al., A study of bfloat16, arXiv:1905.12322 (no loss scaling).
"""

from __future__ import annotations

import functools
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

WIDE = 256
"""Inputs and outputs from which on rounding costs less than it saves."""


@functools.cache
def supported() -> bool:
    """Return whether this CPU multiplies bfloat16; one that emulates it is slower."""
    cpu: Any = torch.cpu
    asked = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(cpu, name, bool)() for name in asked)


def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return x @ weight + bias, in bfloat16 where that is faster.

    Args:
        x: Shape (members, b, inputs).
        weight: Shape (members, inputs, outputs).
        bias: Shape (members, 1, outputs).
    """
    exported = torch.compiler.is_compiling()  # what ships is in single precision
    if exported or min(weight.shape[-2:]) < WIDE or not supported():
        return torch.baddbmm(bias, x, weight)
    if torch.is_grad_enabled():
        product: Tensor = _Product.apply(x, weight, bias)  # type: ignore[no-untyped-call]
        return product
    return _forward(x.bfloat16(), weight.bfloat16(), bias)


def _forward(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.baddbmm(bias.bfloat16(), x, weight).float()


class _Product(torch.autograd.Function):
    """The product with its slopes, all three by bfloat16 products."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        """Return the product and keep the rounded factors."""
        rounded = x.bfloat16(), weight.bfloat16()
        ctx.save_for_backward(*rounded)
        return _forward(*rounded, bias)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor | None, ...]:
        """Return the slopes of x, weight and bias."""
        x, weight = ctx.saved_tensors
        by_x, by_weight, by_bias = ctx.needs_input_grad
        rounded = slope.bfloat16()
        return (
            torch.bmm(rounded, weight.mT).float() if by_x else None,
            torch.bmm(x.mT, rounded).float() if by_weight else None,
            slope.sum(-2, keepdim=True) if by_bias else None,
        )

"""Flow: a vision-language model whose cached keys and values an action expert uses.

Pictures, instruction and, in SmolVLA, the state are the prefix; it passes the language
model once, and the keys and values of each layer are kept. The expert then makes a
chunk of actions out of noise in a few Euler steps, attending to what was kept.

Source: lerobot 0.4.4, ``SmolVLMWithExpertModel``, ``VLAFlowMatching`` and
``PI0Pytorch``.
"""

from __future__ import annotations

import math
from typing import Any, Final

import torch
from torch import nn
from torch.nn import functional

from jouleplan.skills.vla.architectures.backbone import expert, paligemma, smolvlm
from jouleplan.skills.vla.architectures.blueprint import (
    ACTION_WIDTH,
    CHUNK,
    FLOW_STEPS,
    Blueprint,
)

Cache = list[tuple[torch.Tensor, torch.Tensor]]
"""Keys and values of every layer, (1, heads, tokens, width of a head) each."""
_WAVELENGTH: Final = 10_000.0
_PERIODS: Final = (4e-3, 4.0)


class FlowPolicy(nn.Module):
    """An architecture, with whatever weights its modules are born with.

    Args:
        blueprint: Its sizes.
    """

    def __init__(self, blueprint: Blueprint) -> None:
        """Build every module."""
        super().__init__()
        self.blueprint = blueprint
        shuffled = blueprint.vision.shuffle > 1
        self.vlm: Any = (smolvlm if shuffled else paligemma)(blueprint)
        self.expert: Any = expert(blueprint)
        wide = blueprint.expert.width
        state = blueprint.text.width if blueprint.state_first else wide
        self.state_in = nn.Linear(ACTION_WIDTH, state)
        self.action_in = nn.Linear(ACTION_WIDTH, wide)
        self.time_in = nn.Linear(2 * wide, wide)
        self.time_out = nn.Linear(wide, wide)
        self.action_out = nn.Linear(wide, ACTION_WIDTH)

    def forward(
        self,
        pictures: torch.Tensor,
        words: torch.Tensor,
        state: torch.Tensor,
        noise: torch.Tensor,
    ) -> torch.Tensor:
        """Return a chunk of actions (1, CHUNK, ACTION_WIDTH).

        Args:
            pictures: One a camera, (cameras, 3, side, side), -1 to 1.
            words: Tokens, (1, WORDS), int64.
            state: (1, ACTION_WIDTH).
            noise: What the flow begins from, of the shape of the actions.
        """
        prefix = self._embed(pictures, words)
        if self.blueprint.state_first:
            prefix = torch.cat((prefix, self.state_in(state)[:, None]), dim=1)
        cache = self._remember(prefix)
        actions, step = noise, -1.0 / FLOW_STEPS
        for number in range(FLOW_STEPS):
            time = 1.0 + number * step
            actions = actions + step * self._velocity(actions, time, state, cache)
        return actions

    def _embed(self, pictures: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        inner = self.vlm.model
        if self.blueprint.vision.shuffle > 1:
            tokens = inner.connector(_seen(inner.vision_model, pictures))
            said = inner.text_model.embed_tokens(words)
        else:
            seen = inner.vision_tower(pictures)
            tokens = inner.multi_modal_projector(seen.last_hidden_state)
            said = inner.language_model.embed_tokens(words)
        width = self.blueprint.text.width
        return torch.cat((tokens.reshape(1, -1, width), said), dim=1) * math.sqrt(width)

    @property
    def _language(self) -> Any:
        inner = self.vlm.model
        found = getattr(inner, "text_model", None)
        return inner.language_model if found is None else found

    @property
    def _layers(self) -> Any:
        return getattr(self.expert, "model", self.expert).layers

    def _remember(self, x: torch.Tensor) -> Cache:
        """Run the prefix through the language model; return its keys and values."""
        places = torch.arange(x.shape[1], device=x.device)
        cache: Cache = []
        mask = None
        if self.blueprint.state_first:  # nobody but itself looks at the state
            mask = (places[None, :] < x.shape[1] - 1) | (places[:, None] == places[-1])
        for layer in self._language.layers:
            q, k, v = _heads(layer, x, places, self.blueprint.text.head)
            cache.append((k, v))
            x = _after(layer, x, _attend(q, k, v, mask))
        return cache

    def _velocity(
        self, actions: torch.Tensor, time: float, state: torch.Tensor, cache: Cache
    ) -> torch.Tensor:
        """Return the velocity of the flow, (1, CHUNK, ACTION_WIDTH)."""
        x = self._suffix(actions, time, state)
        known, own = cache[0][0].shape[2], x.shape[1]
        places = torch.arange(known, known + own, device=x.device)
        mask = self._mask(known, own, x.device)
        head = self.blueprint.expert.head
        for number, (layer, (keys, values)) in enumerate(
            zip(self._layers, cache, strict=True)
        ):
            if number % self.blueprint.across:
                q = _turned(_split(layer, x, "q_proj", head), places - known)
                k = _across(layer.self_attn.k_proj, keys)
                v = _across(layer.self_attn.v_proj, values)
                x = _after(layer, x, _attend(q, k, v, None))
                continue
            q, k, v = _heads(layer, x, places, head)
            k, v = torch.cat((keys, k), dim=2), torch.cat((values, v), dim=2)
            x = _after(layer, x, _attend(q, k, v, mask))
        x = getattr(self.expert, "model", self.expert).norm(x)
        velocity: torch.Tensor = self.action_out(x[:, -CHUNK:])
        return velocity

    def _suffix(
        self, actions: torch.Tensor, time: float, state: torch.Tensor
    ) -> torch.Tensor:
        x = self.action_in(actions)
        when = _waves(time, x.shape[-1]).to(x).expand_as(x)
        x = self.time_in(torch.cat((x, when), dim=-1))
        x = self.time_out(functional.silu(x))
        if not self.blueprint.state_first:
            x = torch.cat((self.state_in(state)[:, None], x), dim=1)
        found: torch.Tensor = x
        return found

    def _mask(self, known: int, own: int, device: torch.device) -> torch.Tensor:
        """Return which tokens (columns) each token of the suffix (rows) looks at.

        All look at the prefix; SmolVLA's actions at earlier ones, pi0's at each other.
        """
        seen = torch.ones(own, known + own, dtype=torch.bool, device=device)
        if self.blueprint.state_first:
            return seen.tril(known)
        seen[0, known + 1 :] = False  # the state does not look at actions
        return seen


def _seen(tower: Any, pictures: torch.Tensor) -> torch.Tensor:
    """Return what SmolVLM's tower sees in whole pictures, which need no mask."""
    inner = tower.embeddings
    patches = inner.patch_embedding(pictures).flatten(2).transpose(1, 2)
    x = tower.encoder(patches + inner.position_embedding.weight).last_hidden_state
    seen: torch.Tensor = tower.post_layernorm(x)
    return seen


def _by_head(projected: torch.Tensor, head: int) -> torch.Tensor:
    """Return (1, heads, tokens, head) of (1, tokens, heads x head)."""
    return projected.reshape(*projected.shape[:2], -1, head).transpose(1, 2)


def _split(layer: Any, x: torch.Tensor, name: str, head: int) -> torch.Tensor:
    projected: torch.Tensor = getattr(layer.self_attn, name)(layer.input_layernorm(x))
    return _by_head(projected, head)


def _heads(
    layer: Any, x: torch.Tensor, places: torch.Tensor, head: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    normed = layer.input_layernorm(x)
    q, k, v = (
        _by_head(getattr(layer.self_attn, name)(normed), head)
        for name in ("q_proj", "k_proj", "v_proj")
    )
    return _turned(q, places), _turned(k, places), v


def _across(project: Any, kept: torch.Tensor) -> torch.Tensor:
    """Return the prefix's keys or values as the expert projects them."""
    return _by_head(project(kept.transpose(1, 2).flatten(2)), kept.shape[-1])


def _attend(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None
) -> torch.Tensor:
    groups = q.shape[1] // k.shape[1]
    k, v = (one.repeat_interleave(groups, dim=1) for one in (k, v))
    found = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return found.transpose(1, 2).flatten(2)


def _after(layer: Any, x: torch.Tensor, attended: torch.Tensor) -> torch.Tensor:
    x = x + layer.self_attn.o_proj(attended)
    found: torch.Tensor = x + layer.mlp(layer.post_attention_layernorm(x))
    return found


def _turned(x: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Return queries or keys turned by their places.

    Source: RoFormer, arXiv:2104.09864.
    """
    half = x.shape[-1] // 2
    powers = torch.arange(half, device=x.device, dtype=torch.float32) / half
    angles = places[:, None].float() * _WAVELENGTH**-powers
    sine, cosine = angles.sin().to(x.dtype), angles.cos().to(x.dtype)
    a, b = x[..., :half], x[..., half:]
    return torch.cat((a * cosine - b * sine, b * cosine + a * sine), dim=-1)


def _waves(time: float, width: int) -> torch.Tensor:
    """Return the flow's time (``width``,) as sines and cosines."""
    low, high = _PERIODS
    share = torch.linspace(0.0, 1.0, width // 2)
    angles = 2 * math.pi * time / (low * (high / low) ** share)
    return torch.cat((angles.sin(), angles.cos()))

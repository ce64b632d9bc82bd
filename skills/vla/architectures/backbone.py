"""Backbone: SmolVLM and PaliGemma built from configuration; no hub, no download."""

from __future__ import annotations

import os
from typing import Any

from torch import nn

from jouleplan.skills.vla.architectures.blueprint import Blueprint, Tower

# before transformers is imported: it reads them then
for _name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
    os.environ[_name] = "1"


def smolvlm(blueprint: Blueprint) -> nn.Module:
    """Return SmolVLM with the language model's first layers.

    Source: SmolVLM, arXiv:2504.05299; transformers ``SmolVLMForConditionalGeneration``.
    """
    from transformers import SmolVLMConfig, SmolVLMForConditionalGeneration

    config: Any = SmolVLMConfig(
        text_config={"model_type": "llama", **_tower(blueprint.text)},
        vision_config=_vision(blueprint),
        scale_factor=blueprint.vision.shuffle,
        tie_word_embeddings=False,
    )
    model: nn.Module = SmolVLMForConditionalGeneration(config)
    return model


def paligemma(blueprint: Blueprint) -> nn.Module:
    """Return PaliGemma.

    Source: PaliGemma, arXiv:2407.07726; transformers
    ``PaliGemmaForConditionalGeneration``.
    """
    from transformers import PaliGemmaConfig, PaliGemmaForConditionalGeneration

    width = blueprint.text.width
    config: Any = PaliGemmaConfig(
        text_config={"model_type": "gemma", **_tower(blueprint.text)},
        vision_config={
            "model_type": "siglip_vision_model",
            "projection_dim": width,
            "vision_use_head": False,
            **_vision(blueprint),
        },
        projection_dim=width,
        hidden_size=width,
    )
    model: nn.Module = PaliGemmaForConditionalGeneration(config)
    return model


def expert(blueprint: Blueprint) -> nn.Module:
    """Return the action expert, a narrower sibling of the language model.

    Gemma's keeps a head over the vocabulary, as lerobot's pi0 does: it takes memory and
    is never run.
    """
    from transformers import GemmaConfig, GemmaForCausalLM, LlamaConfig, LlamaModel

    tower = blueprint.expert
    if tower.vocabulary:
        gemma: Any = GemmaForCausalLM(GemmaConfig(**_tower(tower)))
        gemma.lm_head = nn.Linear(tower.width, tower.vocabulary, bias=False)
        gemma.model.embed_tokens = None
        head: nn.Module = gemma
        return head
    # one row stands for the vocabulary that it has no use for
    llama: Any = LlamaModel(LlamaConfig(**{**_tower(tower), "vocab_size": 1}))
    llama.embed_tokens = None
    wide = tower.kv_heads * tower.head
    for number, layer in enumerate(llama.layers):
        if number % blueprint.across:
            layer.self_attn.k_proj = nn.Linear(wide, wide, bias=False)
            layer.self_attn.v_proj = nn.Linear(wide, wide, bias=False)
    model: nn.Module = llama
    return model


def _tower(tower: Tower) -> dict[str, Any]:
    return {
        "hidden_size": tower.width,
        "intermediate_size": tower.hidden,
        "num_hidden_layers": tower.layers,
        "num_attention_heads": tower.heads,
        "num_key_value_heads": tower.kv_heads,
        "head_dim": tower.head,
        "vocab_size": tower.vocabulary,
        **dict.fromkeys(("bos_token_id", "eos_token_id", "pad_token_id")),
    }


def _vision(blueprint: Blueprint) -> dict[str, Any]:
    eye = blueprint.vision
    return {
        "hidden_size": eye.width,
        "intermediate_size": eye.hidden,
        "num_hidden_layers": eye.layers,
        "num_attention_heads": eye.heads,
        "image_size": eye.side,
        "patch_size": eye.patch,
    }

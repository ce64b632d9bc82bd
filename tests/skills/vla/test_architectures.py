"""True architectures with random weights: their size, their pass, their refusals."""

import os
import socket
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from jouleplan.planner.cli.app import run
from jouleplan.skills.vla.architectures import policy as policies
from jouleplan.skills.vla.architectures.blueprint import (
    BLUEPRINTS,
    CHUNK,
    FLOW_STEPS,
    PI0,
    SMOLVLA,
    WORDS,
    Blueprint,
)
from jouleplan.skills.vla.architectures.policy import RandomPolicy, check_allowed
from jouleplan.skills.vla.errors import ArchitectureError
from tests.skills.vla.tiny import OBSERVATION, TINY, TINY_PI0

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_architecture_has_the_published_number_of_parameters(name: str) -> None:
    from jouleplan.skills.vla.architectures.flow import FlowPolicy

    with torch.device("meta"):
        model = FlowPolicy(BLUEPRINTS[name])
    count = sum(p.numel() for p in model.parameters())
    assert count == pytest.approx(BLUEPRINTS[name].parameters, rel=0.01)
    if name == SMOLVLA.name:
        frozen = sum(p.numel() for p in model.vlm.parameters())
        assert count - frozen == pytest.approx(SMOLVLA.trainable, rel=0.01)


@pytest.mark.parametrize("blueprint", [TINY, TINY_PI0])
def test_a_chunk_has_fifty_finite_actions_of_seven_entries(
    blueprint: Blueprint,
) -> None:
    actions = RandomPolicy(blueprint).infer(OBSERVATION)
    assert actions.shape == (CHUNK, 7)
    assert np.isfinite(actions).all()
    assert np.abs(actions).max() <= 1.0


def test_weights_and_noise_come_from_the_seed() -> None:
    one, same, other = (
        RandomPolicy(TINY, seed=s).infer(OBSERVATION) for s in (1, 1, 2)
    )
    assert np.array_equal(one, same)
    assert not np.allclose(one, other)


def test_the_prefix_passes_the_language_model_once_and_the_expert_uses_its_cache() -> (
    None
):
    made = RandomPolicy(TINY)
    calls = {"language": 0, "expert": 0}

    def counting(name: str) -> Any:
        def hook(*_: object) -> None:
            calls[name] += 1

        return hook

    made._model.vlm.model.text_model.layers[0].mlp.register_forward_hook(
        counting("language")
    )
    made._model.expert.layers[0].mlp.register_forward_hook(counting("expert"))
    made.infer(OBSERVATION)
    assert calls == {"language": 1, "expert": FLOW_STEPS}


def test_what_is_said_and_seen_changes_the_actions() -> None:
    # the same noise: what differs comes through the cache
    said = {**OBSERVATION, "prompt": "something else"}
    seen = {**OBSERVATION, "observation/image": np.full((40, 60, 3), 9, np.uint8)}
    base, *others = (RandomPolicy(TINY).infer(o) for o in (OBSERVATION, said, seen))
    assert all(not np.array_equal(base, other) for other in others)


def test_operations_are_those_of_every_matrix() -> None:
    made = RandomPolicy(TINY)
    text, eye, expert = TINY.text, TINY.vision, TINY.expert
    prefix, patches, n = TINY.prefix(2), 2 * (32 // 8) ** 2, CHUNK
    head = text.heads * text.head
    kv = text.kv_heads * text.head

    def stack(tokens: int, width: int, hidden: int, keys: int) -> float:
        """Multiplications of a Llama layer but for its keys and values."""
        projections = 2 * tokens * width * head + 3 * tokens * width * hidden
        return projections + 2 * tokens * keys * head

    seeing = patches * eye.patch**2 * 3 * eye.width
    seeing += patches * (4 * eye.width**2 + 2 * eye.width * eye.hidden)
    seeing += 2 * patches * (patches // 2) * eye.width
    joined = 2 * eye.tokens * eye.width * 4 * text.width + 32 * text.width
    language = 2 * (
        stack(prefix, text.width, text.hidden, prefix) + 2 * prefix * text.width * kv
    )
    own = stack(n, expert.width, expert.hidden, prefix + n) + 2 * n * expert.width * kv
    across = stack(n, expert.width, expert.hidden, prefix) + 2 * prefix * kv * kv
    ends = 2 * n * 32 * expert.width + 3 * n * expert.width**2
    steps = FLOW_STEPS * (own + across + ends)
    wanted = 2 * (seeing + joined + language + steps)
    assert made.flops(OBSERVATION) == pytest.approx(wanted, rel=1e-6)


def test_nothing_is_fetched_and_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    RandomPolicy(TINY).infer(OBSERVATION)
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        assert os.environ[name] == "1"


def test_building_leaves_torchs_own_numbers_alone() -> None:
    torch.manual_seed(3)
    wanted = torch.rand(1)
    torch.manual_seed(3)
    made = RandomPolicy(TINY, dtype="bf16")
    assert torch.rand(1) == wanted
    assert torch.get_default_dtype() == torch.float32
    assert {p.dtype for p in made._model.parameters()} == {torch.bfloat16}


def test_a_missing_picture_is_named() -> None:
    lacking = {**OBSERVATION, "observation/wrist_image": None}
    with pytest.raises(ArchitectureError, match=r"wrist_image is NoneType"):
        RandomPolicy(TINY).infer(lacking)


def test_pi0_is_built_only_with_the_memory_it_needs() -> None:
    with pytest.raises(ArchitectureError, match=r"8\.5 GB .* pi0-random\?memory=9"):
        check_allowed(PI0, "bf16", None)
    with pytest.raises(ArchitectureError, match=r"more than the 4 GB allowed"):
        check_allowed(PI0, "bf16", 4.0)
    check_allowed(PI0, "bf16", 9.0)
    check_allowed(SMOLVLA, "fp32", None)


def test_a_machine_without_the_memory_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(policies, "available_gb", lambda: 2.0)
    with pytest.raises(ArchitectureError, match=r"this machine has 2\.0 GB free"):
        RandomPolicy(replace(TINY, parameters=3.5e9), dtype="bf16")


def test_a_missing_extra_is_named_before_any_scene_is_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(policies, "find_spec", lambda _: None)
    assert run(["compare", "--methods", "smolvla-random", "--episodes", "1"]) == 2
    said = capsys.readouterr()
    assert "pip install 'jouleplan[architectures]'" in said.err
    assert said.out == ""


def test_a_prefix_holds_both_pictures_the_words_and_smolvlas_state() -> None:
    assert SMOLVLA.prefix(2) == 2 * 64 + WORDS + 1
    assert PI0.prefix(2) == 2 * 256 + WORDS

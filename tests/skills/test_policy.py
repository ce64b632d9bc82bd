"""Policy: what is accepted as a policy file, and what its answers must be."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from jouleplan.skills.errors import PolicyFileError, PolicyOutputError, SkillError
from jouleplan.skills.library import SHIPPED, card
from jouleplan.skills.policy import MAX_BYTES, Policy
from jouleplan.skills.stages import ACTION_SIZE, OBSERVATION_SIZE, STAGES

CARD_FIELDS = {
    "skill": str,
    "robot": str,
    "algorithm": str,
    "network": str,
    "file": str,
    "sha256": str,
    "command": str,
    "training": dict,
    "evaluation": dict,
    "versions": dict,
}
TRAINING_FIELDS = {
    "seed",
    "environment_steps",
    "episodes",
    "cpu_s",
    "wall_s",
    "energy_j",
    "energy_source",
    "energy_quality",
    "recipe",
}
EVALUATION_FIELDS = {
    "seed",
    "episodes",
    "successes",
    "success_rate",
    "wilson_95",
    "control_steps_an_episode",
    "cpu_s",
    "energy_j",
    "energy_source",
    "energy_quality",
}


def write(path: Path, weights: np.ndarray, bias: np.ndarray, padding: int = 0) -> Path:
    """Write the policy tanh(observation @ weights + bias) as an ONNX file."""
    inputs, outputs = weights.shape
    nodes = [
        helper.make_node("Gemm", ["observation", "w", "b"], ["mean"]),
        helper.make_node("Tanh", ["mean"], ["action"]),
    ]
    constants = [
        onnx.numpy_helper.from_array(weights.astype(np.float32), "w"),
        onnx.numpy_helper.from_array(bias.astype(np.float32), "b"),
    ]
    if padding:
        waste = np.random.default_rng(0).normal(size=padding).astype(np.float32)
        constants.append(onnx.numpy_helper.from_array(waste, "waste"))
    graph = helper.make_graph(
        nodes,
        "policy",
        [helper.make_tensor_value_info("observation", TensorProto.FLOAT, [1, inputs])],
        [helper.make_tensor_value_info("action", TensorProto.FLOAT, [1, outputs])],
        constants,
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), path)
    return path


def tiny(path: Path, size: Sequence[int] = (OBSERVATION_SIZE, ACTION_SIZE)) -> Path:
    rng = np.random.default_rng(0)
    return write(path, rng.normal(size=size), rng.normal(size=size[1]))


def test_a_policy_answers_as_its_file_says(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    weights, bias = rng.normal(size=(OBSERVATION_SIZE, ACTION_SIZE)), rng.normal(size=4)
    policy = Policy(write(tmp_path / "reach.onnx", weights, bias))
    for _ in range(20):
        observation = rng.uniform(-1, 1, OBSERVATION_SIZE).astype(np.float32)
        action = policy(observation)
        assert action.shape == (ACTION_SIZE,)
        assert action.dtype == np.float32
        np.testing.assert_allclose(
            action, np.tanh(observation @ weights + bias), atol=1e-5
        )


def test_a_policy_remembers_nothing(tmp_path: Path) -> None:
    policy = Policy(tiny(tmp_path / "reach.onnx"))
    one = np.full(OBSERVATION_SIZE, 0.1, dtype=np.float32)
    first = policy(one)
    policy(-one)
    np.testing.assert_array_equal(policy(one), first)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_an_answer_that_is_not_finite_is_an_error(
    tmp_path: Path, number: float
) -> None:
    model = onnx.load(tiny(tmp_path / "move.onnx"))
    del model.graph.node[1]  # without tanh, which would hide infinity
    model.graph.node[0].output[0] = "action"
    bias = np.array((0.1, number, 0.2, 0.3), dtype=np.float32)
    model.graph.initializer[1].CopyFrom(onnx.numpy_helper.from_array(bias, "b"))
    onnx.save(model, tmp_path / "move.onnx")
    policy = Policy(tmp_path / "move.onnx")
    with pytest.raises(PolicyOutputError, match=r"move\.onnx answered .*train it"):
        policy(np.zeros(OBSERVATION_SIZE, dtype=np.float32))


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_infinities_that_cancel_are_an_error(tmp_path: Path) -> None:
    model = onnx.load(tiny(tmp_path / "move.onnx"))
    del model.graph.node[1]
    model.graph.node[0].output[0] = "action"
    bias = np.array((np.inf, -np.inf, 0.2, 0.3), dtype=np.float32)
    model.graph.initializer[1].CopyFrom(onnx.numpy_helper.from_array(bias, "b"))
    onnx.save(model, tmp_path / "move.onnx")
    policy = Policy(tmp_path / "move.onnx")
    with pytest.raises(PolicyOutputError):
        policy(np.zeros(OBSERVATION_SIZE, dtype=np.float32))


def test_a_policy_with_nan_weights_is_an_error_when_it_answers(tmp_path: Path) -> None:
    weights = np.full((OBSERVATION_SIZE, ACTION_SIZE), np.nan)
    policy = Policy(write(tmp_path / "reach.onnx", weights, np.zeros(ACTION_SIZE)))
    with pytest.raises(PolicyOutputError, match=r"nan.*not an action"):
        policy(np.zeros(OBSERVATION_SIZE, dtype=np.float32))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.95])
def test_a_file_that_is_cut_is_an_error(tmp_path: Path, share: float) -> None:
    path = tiny(tmp_path / "reach.onnx")
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(PolicyFileError, match=r"reach\.onnx.*(whole|maps).*again"):
        Policy(path)


@pytest.mark.parametrize("size", [(19, 4), (20, 3), (25, 4), (20, 1)])
def test_a_policy_of_another_shape_is_an_error(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tiny(tmp_path / "reach.onnx", size)
    wanted = rf"maps \[1, {size[0]}\] to \[1, {size[1]}\]; a policy maps \[1, 20\]"
    with pytest.raises(PolicyFileError, match=wanted):
        Policy(path)


def test_a_policy_that_is_too_large_is_an_error(tmp_path: Path) -> None:
    size = (OBSERVATION_SIZE, ACTION_SIZE)
    path = write(tmp_path / "big.onnx", np.zeros(size), np.zeros(4), MAX_BYTES // 4 + 1)
    with pytest.raises(PolicyFileError, match=rf"bytes; .* at most {MAX_BYTES}"):
        Policy(path)


def test_a_missing_policy_is_an_error_that_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match=r"no policy file .*jouleplan train"):
        Policy(tmp_path / "reach.onnx")


def test_a_folder_is_no_policy_file(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match="no policy file"):
        Policy(tmp_path)


@pytest.mark.parametrize("data", [b"not a policy", b"\x80\x04pickle", b"\x00" * 5000])
def test_a_file_that_is_not_onnx_is_an_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "reach.onnx"
    path.write_bytes(data)
    with pytest.raises(PolicyFileError, match=r"reach\.onnx"):
        Policy(path)


def test_policy_errors_are_skill_errors_and_value_errors() -> None:
    for kind in (PolicyFileError, PolicyOutputError):
        assert issubclass(kind, SkillError)
        assert issubclass(kind, ValueError)


@pytest.mark.parametrize("stage", STAGES)
def test_a_shipped_policy_loads_and_answers(stage: str) -> None:
    path = SHIPPED / f"{stage}.onnx"
    policy = Policy(path)
    assert path.stat().st_size < MAX_BYTES
    rng = np.random.default_rng(0)
    for _ in range(50):
        observation = rng.uniform(-1, 1, OBSERVATION_SIZE).astype(np.float32)
        assert np.abs(policy(observation)).max() <= 1.0


@pytest.mark.parametrize("stage", STAGES)
def test_a_shipped_policy_has_a_whole_card(stage: str) -> None:
    shipped = card(stage)
    assert shipped is not None
    assert set(shipped) - {"note"} == set(CARD_FIELDS)
    assert all(isinstance(shipped[k], kind) for k, kind in CARD_FIELDS.items())
    assert set(shipped["training"]) == TRAINING_FIELDS
    assert set(shipped["evaluation"]) == EVALUATION_FIELDS
    assert shipped["skill"] == stage
    data = (SHIPPED / shipped["file"]).read_bytes()
    assert shipped["sha256"] == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("stage", STAGES)
def test_the_figures_of_a_shipped_card_agree_with_one_another(stage: str) -> None:
    shipped = card(stage)
    assert shipped is not None
    judged, trained = shipped["evaluation"], shipped["training"]
    rate = judged["successes"] / judged["episodes"]
    low, high = judged["wilson_95"]
    assert judged["success_rate"] == pytest.approx(rate, abs=1e-4)
    assert 0 <= low <= rate <= high <= 1
    assert judged["seed"] != trained["seed"]
    assert trained["cpu_s"] > 0
    assert trained["environment_steps"] >= trained["recipe"]["steps"]

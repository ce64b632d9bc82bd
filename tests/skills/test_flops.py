"""Operations of ONNX files, counted from a run."""

from pathlib import Path

import numpy as np
import pytest

from jouleplan.skills.errors import PolicyFileError
from jouleplan.skills.flops import FlopCount, count_flops
from jouleplan.skills.library import OPTIONS, load_policies, option_file
from jouleplan.skills.policy import Policy
from jouleplan.skills.stages import OBSERVATION_SIZE, STAGES

STAGE_FLOPS = 2 * (20 * 64 + 64 * 64 + 64 * 4)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stages_policy_is_two_hidden_layers_of_64(stage: str) -> None:
    assert count_flops(load_policies().policies[stage].path) == STAGE_FLOPS


@pytest.mark.parametrize("name", OPTIONS)
def test_an_options_network_costs_more_than_a_stages(name: str) -> None:
    assert 20 * STAGE_FLOPS < count_flops(option_file(name)) < 100 * STAGE_FLOPS


def test_convolutions_and_products_are_counted(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT

    def weights(name: str, *shape: int) -> object:
        return onnx.numpy_helper.from_array(np.ones(shape, np.float32), name)

    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "k"], ["c"], strides=[2, 2]),
            helper.make_node("Relu", ["c"], ["r"]),
            helper.make_node("Flatten", ["r"], ["f"]),
            helper.make_node("MatMul", ["f", "w"], ["y"]),
        ],
        "net",
        [helper.make_tensor_value_info("x", kind, ["batch", 3, 9, 9])],
        [helper.make_tensor_value_info("y", kind, ["batch", 5])],
        [weights("k", 8, 3, 3, 3), weights("w", 8 * 4 * 4, 5)],
    )
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=9)
    path = tmp_path / "net.onnx"
    path.write_bytes(model.SerializeToString())
    assert count_flops(path) == 2 * (8 * 4 * 4 * 27 + 128 * 5)


def test_what_is_no_network_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.onnx"
    path.write_bytes(b"nothing")
    with pytest.raises(PolicyFileError, match=r"bad\.onnx"):
        count_flops(path)


def test_calls_are_counted_from_the_beginning_of_the_count() -> None:
    policies = [p for p in load_policies().policies.values() if isinstance(p, Policy)]
    seen = np.zeros(OBSERVATION_SIZE, np.float32)
    policies[0](seen)
    count = FlopCount(policies)
    for policy in policies[:2]:
        policy(seen)
    assert count.flops == 2 * STAGE_FLOPS


def test_without_a_network_the_operations_are_unknown() -> None:
    assert FlopCount([]).flops is None

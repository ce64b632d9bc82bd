"""Half precision: near single precision where it is used; not used where it harms."""

from pathlib import Path

import onnx
import pytest
import torch

from jouleplan.skills.export import write
from jouleplan.skills.gcrl.learning import half, networks
from jouleplan.skills.gcrl.learning.half import WIDE, linear
from jouleplan.skills.gcrl.learning.networks import Perceptron


def layer(inputs: int, outputs: int, members: int = 2) -> list[torch.Tensor]:
    torch.manual_seed(0)
    return [
        torch.randn(members, 64, inputs, requires_grad=True),
        (torch.randn(members, inputs, outputs) / inputs**0.5).requires_grad_(),
        torch.randn(members, 1, outputs, requires_grad=True),
    ]


def off(found: torch.Tensor, wanted: torch.Tensor) -> float:
    return float(((found - wanted).norm() / wanted.norm()).detach())


@pytest.fixture
def supported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(half, "supported", lambda: True)


@pytest.mark.usefixtures("supported")
def test_a_wide_layer_and_its_slopes_are_those_of_single_precision_to_one_percent() -> (
    None
):
    given = layer(WIDE, WIDE)
    slope = torch.randn(2, 64, WIDE)
    ours, exact = linear(*given), torch.baddbmm(given[2], given[0], given[1])
    assert 0 < off(ours, exact) < 0.01
    wanted = torch.autograd.grad(exact, given, slope)
    for found, right in zip(
        torch.autograd.grad(ours, given, slope), wanted, strict=True
    ):
        assert found.dtype == torch.float32
        assert off(found, right) < 0.01


@pytest.mark.usefixtures("supported")
@pytest.mark.parametrize("shape", [(WIDE - 1, WIDE), (WIDE, 1)])
def test_a_narrow_layer_is_exact(shape: tuple[int, int]) -> None:
    given = layer(*shape)
    exact = torch.baddbmm(given[2], given[0], given[1])
    assert torch.equal(linear(*given), exact)


def test_a_cpu_that_would_emulate_it_multiplies_exactly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(half, "supported", lambda: False)
    given = layer(WIDE, WIDE)
    exact = torch.baddbmm(given[2], given[0], given[1])
    assert torch.equal(linear(*given), exact)


@pytest.mark.parametrize("members", [1, 2])
def test_an_evaluation_in_parts_is_the_same_as_at_once(
    members: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Perceptron((3, 16, 2), members)
    states = torch.randn(50, 3)
    whole = network(states)
    monkeypatch.setattr(networks, "CACHED", 16 * members * 7)  # seven rows
    with torch.no_grad():
        assert torch.allclose(network(states), whole, atol=1e-6)


@pytest.mark.usefixtures("supported")
def test_what_is_exported_is_in_single_precision(tmp_path: Path) -> None:
    network = Perceptron((3, WIDE, WIDE, 2))
    write(network, {"x": torch.zeros(1, 3)}, ("y",), tmp_path / "wide.onnx")
    made = onnx.load(str(tmp_path / "wide.onnx"))
    assert "Cast" not in {node.op_type for node in made.graph.node}
    assert {w.data_type for w in made.graph.initializer} <= {
        onnx.TensorProto.FLOAT,
        onnx.TensorProto.INT64,
    }

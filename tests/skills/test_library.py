"""Library: own policies before the shipped ones, and their model cards."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from jouleplan.skills import library
from jouleplan.skills.errors import PolicyFileError
from jouleplan.skills.library import (
    SHIPPED,
    card,
    check_card,
    load_policies,
    option_file,
)
from jouleplan.skills.stages import ACTION_SIZE, OBSERVATION_SIZE, STAGES


def write(path: Path, answer: float) -> Path:
    """Write a policy that always answers with ``answer`` on every axis."""
    graph = helper.make_graph(
        [helper.make_node("Gemm", ["observation", "w", "b"], ["action"])],
        "policy",
        [
            helper.make_tensor_value_info(
                "observation", TensorProto.FLOAT, [1, OBSERVATION_SIZE]
            )
        ],
        [helper.make_tensor_value_info("action", TensorProto.FLOAT, [1, ACTION_SIZE])],
        [
            onnx.numpy_helper.from_array(
                np.zeros((OBSERVATION_SIZE, ACTION_SIZE), dtype=np.float32), "w"
            ),
            onnx.numpy_helper.from_array(
                np.full(ACTION_SIZE, answer, dtype=np.float32), "b"
            ),
        ],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), path)
    return path


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that takes the place of the shipped policies; they answer 0."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    for stage in STAGES:
        write(folder / f"{stage}.onnx", 0.0)
    monkeypatch.setattr(library, "SHIPPED", folder)
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def answers(folder: Path | None) -> dict[str, float]:
    observation = np.zeros(OBSERVATION_SIZE, dtype=np.float32)
    policies = load_policies(folder)
    return {stage: float(policies[stage](observation)[0]) for stage in STAGES}


@pytest.mark.usefixtures("shipped")
def test_without_a_folder_every_policy_is_a_shipped_one() -> None:
    assert answers(None) == dict.fromkeys(STAGES, 0.0)


def test_an_arm_takes_its_own_policies_and_the_rest_are_the_pandas(
    shipped: Path, own: Path
) -> None:
    (shipped / "xarm").mkdir()
    write(shipped / "xarm" / "release.onnx", 0.25)
    write(own / "grasp.onnx", 0.5)
    files = load_policies(robot="xarm").files()
    assert files["release"] == str(shipped / "xarm" / "release.onnx")
    assert files["grasp"] == str(shipped / "grasp.onnx")
    assert load_policies(own, "xarm").files() == files | {
        "grasp": str(own / "grasp.onnx")
    }
    assert load_policies().files()["release"] == str(shipped / "release.onnx")


def test_an_own_policy_overrides_and_the_rest_are_shipped(
    shipped: Path, own: Path
) -> None:
    write(own / "grasp.onnx", 0.5)
    assert answers(own) == {**dict.fromkeys(STAGES, 0.0), "grasp": 0.5}
    files = load_policies(own).files()
    assert files["grasp"] == str(own / "grasp.onnx")
    assert files["reach"] == str(shipped / "reach.onnx")


@pytest.mark.usefixtures("shipped")
def test_a_folder_with_all_policies_uses_no_shipped_one(own: Path) -> None:
    for stage in STAGES:
        write(own / f"{stage}.onnx", 0.25)
    assert answers(own) == dict.fromkeys(STAGES, 0.25)


@pytest.mark.usefixtures("shipped")
def test_an_empty_folder_is_an_error_that_names_what_it_may_hold(own: Path) -> None:
    (own / "other.onnx").write_bytes(b"")
    with pytest.raises(
        PolicyFileError, match=r"none of reach\.onnx, grasp\.onnx.*jouleplan train all"
    ):
        load_policies(own)


@pytest.mark.usefixtures("shipped")
def test_a_folder_that_does_not_exist_is_an_error(own: Path) -> None:
    with pytest.raises(PolicyFileError, match="nowhere holds none of"):
        load_policies(own / "nowhere")


@pytest.mark.usefixtures("shipped")
def test_a_damaged_own_policy_is_never_replaced_silently(own: Path) -> None:
    (own / "move.onnx").write_bytes(b"half")
    with pytest.raises(PolicyFileError, match=r"move\.onnx"):
        load_policies(own)


def test_a_missing_shipped_policy_is_an_error(shipped: Path, own: Path) -> None:
    (shipped / "release.onnx").unlink()
    write(own / "grasp.onnx", 0.5)
    with pytest.raises(PolicyFileError, match=r"release\.onnx"):
        load_policies(own)


def test_a_card_is_read_and_none_where_there_is_none(own: Path) -> None:
    (own / "reach.toml").write_text('skill = "reach"\n', encoding="utf-8")
    assert card("reach", own) == {"skill": "reach"}
    assert card("grasp", own) is None


@pytest.mark.parametrize(
    "data", [b"skill = ", b"\xff\xfe\x00", b"steps = 1" + b"0" * 5000]
)
def test_a_damaged_card_is_an_error(own: Path, data: bytes) -> None:
    (own / "reach.toml").write_bytes(data)
    with pytest.raises(PolicyFileError, match=r"reach\.toml is no model card"):
        card("reach", own)


@pytest.mark.usefixtures("shipped")
def test_a_policy_that_is_not_the_file_of_its_card_is_an_error(own: Path) -> None:
    found = hashlib.sha256(write(own / "grasp.onnx", 0.5).read_bytes()).hexdigest()
    (own / "grasp.toml").write_text(f'sha256 = "{found}"\n', encoding="utf-8")
    load_policies(own)
    write(own / "grasp.onnx", 0.25)
    with pytest.raises(PolicyFileError, match=r"grasp\.onnx is not the file of its"):
        load_policies(own)


@pytest.mark.usefixtures("shipped")
def test_policies_beside_a_damaged_card_are_not_used(own: Path) -> None:
    write(own / "grasp.onnx", 0.5)
    (own / "grasp.toml").write_text("skill = ", encoding="utf-8")
    with pytest.raises(PolicyFileError, match=r"grasp\.toml is no model card"):
        load_policies(own)


def test_option_that_is_not_the_file_of_its_card_is_an_error(own: Path) -> None:
    shutil.copy(SHIPPED / "gcrl" / "saw.onnx", own / "saw.onnx")
    shutil.copy(SHIPPED / "gcrl" / "hiql.toml", own / "saw.toml")
    with pytest.raises(PolicyFileError, match=r"saw\.onnx is not the file of its"):
        option_file("gcrl-flat", own)


@pytest.mark.parametrize(
    "text",
    ["training = 5", 'evaluation = "x"', "[evaluation]\nwilson_95 = [0.5]"],
)
def test_a_card_that_is_not_laid_out_as_one_is_an_error(own: Path, text: str) -> None:
    (own / "reach.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyFileError, match=r"reach\.toml is no model card"):
        card("reach", own)


@pytest.mark.parametrize("beside", [None, 'skill = "grasp"\n'])
@pytest.mark.usefixtures("shipped")
def test_a_policy_whose_checksum_is_not_stated_is_used(
    own: Path, beside: str | None
) -> None:
    path = write(own / "grasp.onnx", 0.5)
    if beside is not None:
        (own / "grasp.toml").write_text(beside, encoding="utf-8")
    assert load_policies(own).files()["grasp"] == str(path)


@pytest.mark.parametrize(
    "beside", sorted(SHIPPED.rglob("*.toml")), ids=lambda path: path.stem
)
def test_a_shipped_policy_is_the_file_of_its_card(beside: Path) -> None:
    assert "sha256" in (card(beside.stem, beside.parent) or {})
    check_card(beside.with_suffix(".onnx"))


@pytest.mark.parametrize("stage", sorted(load_policies().files()))
def test_a_shipped_policy_tells_nothing_of_the_machine_it_came_from(
    stage: str,
) -> None:
    data = Path(load_policies().files()[stage]).read_bytes()
    assert b".py" not in data
    assert b"site-packages" not in data

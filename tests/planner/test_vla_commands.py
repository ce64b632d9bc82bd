"""train vla and the methods that use it: what they refuse, one small way through."""

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from jouleplan.planner.cli.app import run
from jouleplan.planner.methods.errors import MethodError
from jouleplan.planner.methods.registry import find_method
from jouleplan.skills.errors import PolicyFileError
from jouleplan.skills.vla.library import END_TO_END, GUIDED, vla_file


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("vla",), "--data DIR"),
        (("vla", "--data", "nowhere"), "holds no demonstrations"),
        (("vla", "--data", "nowhere", "--steps", "5"), "--updates"),
        (("vla", "--data", "nowhere", "--robot", "xarm"), "panda alone"),
        (("reach", "--data", "nowhere"), "--data is for vla"),
        (("vlan",), "vla"),
    ],
)
def test_training_that_cannot_be_says_why(
    arguments: tuple[str, ...],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for package in ("torch", "h5py", "onnxscript", "stable_baselines3"):
        pytest.importorskip(package)
    given = ["train", *arguments, "--out", str(tmp_path / "out"), "--json"]
    assert run(given) == 2
    assert told in json.loads(capsys.readouterr().out)["error"]


@pytest.mark.parametrize("skill", ["reach", "saw", "vla"])
def test_training_without_a_folder_for_its_results_says_so(
    skill: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", skill]) == 2
    said = capsys.readouterr().err
    assert f"train {skill}: give --out DIR" in said
    assert "usage:" not in said


@pytest.mark.parametrize(
    ("parameters", "told"),
    [("speed=3", "no parameter 'speed'"), ("replan=0", "whole number from 1")],
)
def test_parameters_that_do_not_fit_are_named(parameters: str, told: str) -> None:
    with pytest.raises(MethodError, match=told):
        find_method(f"vla-end-to-end?{parameters}")


def test_a_folder_without_a_policy_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyFileError, match=r"lacks vla\.onnx and vla-words\.onnx"):
        find_method(f"vla-planner-guided?policy={tmp_path}")


@pytest.mark.parametrize("mode", [GUIDED, END_TO_END])
def test_a_shipped_policy_from_pixels_is_the_file_of_its_card(mode: str) -> None:
    assert vla_file(mode=mode).is_file()


@pytest.mark.parametrize("name", ["vla.onnx", "vla-words.onnx"])
def test_a_policy_from_pixels_that_is_not_the_file_of_its_card_is_refused(
    name: str, tmp_path: Path
) -> None:
    shutil.copytree(vla_file(mode=GUIDED).parent, tmp_path, dirs_exist_ok=True)
    find_method(f"vla-planner-guided?policy={tmp_path}")
    shutil.copy(vla_file(mode=END_TO_END).with_name(name), tmp_path / name)
    with pytest.raises(PolicyFileError, match=f"{name} is not the file of its card"):
        find_method(f"vla-planner-guided?policy={tmp_path}")


@pytest.mark.slow
def test_what_was_collected_is_trained_tried_and_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for package in ("torch", "h5py", "onnxscript"):
        pytest.importorskip(package)
    data, out = tmp_path / "moves", tmp_path / "policy"
    move = ["--generate", "move:3-3"]
    small = ["--episodes", "2", "--size", "32", "--seed", "1", "--out", str(data)]
    assert run(["collect", "hanoi", *move, *small, "--json"]) == 0
    capsys.readouterr()
    train = ["train", "vla", "--data", str(data), "--out", str(out), "--updates", "3"]
    assert run([*train, "--evaluate", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["skills"]["vla"]
    card = tomllib.loads((out / "vla.toml").read_text(encoding="utf-8"))
    assert card == told
    assert card["training"]["updates"] == 3
    assert card["training"]["cpu_s"] > 0
    assert card["data"][0]["episodes"] == 2
    assert card["evaluation"]["episodes"] == 2  # one in each mode
    assert "auxiliary_loss" in card
    ledger = tmp_path / "ledger.db"
    methods = f"vla-planner-guided?policy={out},vla-end-to-end?policy={out}"
    given = ["compare", "--methods", methods, "--domains", "hanoi", *move]
    given += ["--episodes", "1", "--seed", "5", "--horizon", "30"]
    assert run([*given, "--ledger", str(ledger), "--json"]) == 0
    capsys.readouterr()
    guided = find_method(methods.split(",")[0])
    shares = {share.skill: share for share in guided.training}
    assert set(shares) == {"vla", "vla: data 1"}
    assert all(share.energy_j and share.energy_j > 0 for share in shares.values())

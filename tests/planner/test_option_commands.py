"""collect-play and train on play: what they refuse, and one small way through."""

import json
import tomllib
from pathlib import Path

import pytest

from jouleplan.planner.cli import train_option
from jouleplan.planner.cli.app import run


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Return the error of a command that is bad input."""
    assert run([str(a) for a in (*arguments, "--json")]) == 2
    return str(json.loads(capsys.readouterr().out)["error"])


def test_play_needs_a_problem_or_sizes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(capsys, "collect-play", "hanoi", "--out", tmp_path / "play")
    assert "--generate MIN-MAX" in told


def test_play_of_a_domain_with_buttons_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "play"
    told = refused(capsys, "collect-play", "kitchen", "p01", "--out", out)
    assert "press" in told
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("saw",), "--play DIR"),
        (("saw", "--play", "nowhere"), "holds no play"),
        (("hilp", "--play", "nowhere", "--steps", "5"), "--updates"),
        (("saw", "--play", "nowhere", "--robot", "xarm"), "panda alone"),
        (("reach", "--play", "nowhere"), "are for options"),
        (("sawn",), "saw"),
    ],
)
def test_training_that_cannot_be_says_why(
    arguments: tuple[str, ...],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for package in ("torch", "minari", "h5py", "onnxscript", "stable_baselines3"):
        pytest.importorskip(package)
    assert told in refused(capsys, "train", *arguments, "--out", tmp_path)


def test_every_learner_is_offered() -> None:
    pytest.importorskip("torch")
    from jouleplan.skills.gcrl.learning.registry import ALGORITHMS

    assert tuple(ALGORITHMS) == train_option.ALGORITHMS


def test_play_is_collected_continued_and_trained_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for package in ("torch", "minari", "h5py", "onnxscript", "stable_baselines3"):
        pytest.importorskip(package)
    play, out = tmp_path / "play", tmp_path / "out"
    collect = ["collect-play", "hanoi", "p03", "--out", str(play), "--json"]
    documents = []
    for _ in range(2):
        assert run([*collect, "--steps", "1"]) == 0
        documents.append(json.loads(capsys.readouterr().out))
    assert documents[0] == documents[1]
    assert documents[0]["operators"]["effects_sensed"] > 0
    train = ["train", "gcivl", "--play", str(play), "--out", str(out), "--json"]
    for updates in ("2", "3"):
        wanted = ["--updates", updates, "--evaluate", "2", "--seed", "1"]
        assert run([*train, *wanted]) == 0
    card = tomllib.loads((out / "gcivl.toml").read_text())
    assert card["training"]["updates"] == 3
    assert card["training"]["environment_steps"] == documents[0]["steps"]
    assert card["evaluation"]["episodes"] == 2
    assert [p["domain"] for p in card["play"]] == ["hanoi"]
    assert (out / "gcivl.onnx").stat().st_size < 1_000_000

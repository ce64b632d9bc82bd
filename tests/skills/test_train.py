"""Training: real Stable-Baselines3, checkpoints, resumption, export and card."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("stable_baselines3", reason="pip install 'jouleplan[train]'")

from jouleplan.skills import train as training
from jouleplan.skills.card import EVALUATION_SEED, finish
from jouleplan.skills.errors import TrainingError
from jouleplan.skills.export import export
from jouleplan.skills.policy import Policy
from jouleplan.skills.stages import OBSERVATION_SIZE, STAGES
from jouleplan.skills.train import RECIPES, Progress, train

pytestmark = pytest.mark.slow

STEPS = 1200
EVERY = 600
SEED = 3


class Interruption(KeyboardInterrupt):
    """The user's Ctrl-C."""


@pytest.fixture(scope="module", autouse=True)
def frequent_checkpoints() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "CHECKPOINT_STEPS", EVERY)
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Progress]:
    """Return a training of reach that was never interrupted."""
    out = tmp_path_factory.mktemp("whole")
    return out, train("reach", out, SEED, steps=STEPS)


@pytest.fixture(scope="module")
def resumed(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, dict[str, Any], Progress, list[int]]:
    """Return a training interrupted after its checkpoint, and how it went on."""
    out = tmp_path_factory.mktemp("resumed")

    def interrupt(done: int, _: int, __: float) -> None:
        if done > EVERY:
            raise Interruption

    with pytest.raises(Interruption):
        train("reach", out, SEED, steps=STEPS, report=interrupt)
    saved = json.loads(checkpoint(out).joinpath("progress.json").read_text())
    seen: list[int] = []
    end = train(
        "reach", out, SEED, steps=STEPS, report=lambda done, *_: seen.append(done)
    )
    return out, saved, end, seen


def checkpoint(out: Path) -> Path:
    return out / "checkpoints" / "reach"


def model(out: Path) -> Any:
    import stable_baselines3 as sb3

    return sb3.TD3.load(checkpoint(out) / "model.zip", device="cpu")


def weights(out: Path) -> dict[str, np.ndarray]:
    return {k: v.numpy() for k, v in model(out).policy.state_dict().items()}


def test_a_training_counts_what_it_took(whole: tuple[Path, Progress]) -> None:
    _, progress = whole
    assert (progress.stage, progress.seed, progress.steps) == ("reach", SEED, STEPS)
    assert progress.cpu_s > 0
    assert progress.wall_s > 0
    assert progress.source
    assert progress.quality
    assert progress.energy_j is None or progress.energy_j > 0
    assert len(progress.episodes) > STEPS / 90 - 2


def test_a_checkpoint_and_logs_are_written(whole: tuple[Path, Progress]) -> None:
    out, progress = whole
    names = {file.name for file in checkpoint(out).iterdir()}
    assert names == {"model.zip", "replay.pkl", "progress.json"}
    saved = json.loads((checkpoint(out) / "progress.json").read_text())
    assert Progress(**saved) == progress
    assert list((out / "tensorboard").rglob("events.*"))


def test_the_same_seed_gives_the_same_weights(
    whole: tuple[Path, Progress], tmp_path: Path
) -> None:
    out, progress = whole
    again = train("reach", tmp_path, SEED, steps=STEPS)
    assert again.episodes == progress.episodes
    first, second = weights(out), weights(tmp_path)
    assert first.keys() == second.keys()
    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name], err_msg=name)


def test_an_interrupted_training_goes_on_from_its_checkpoint(
    resumed: tuple[Path, dict[str, Any], Progress, list[int]],
) -> None:
    _, saved, end, seen = resumed
    assert saved["steps"] == EVERY
    assert seen == [800, 1000, 1200]
    assert end.steps == STEPS


def test_a_resumed_training_has_the_right_number_of_steps(
    resumed: tuple[Path, dict[str, Any], Progress, list[int]],
) -> None:
    out, *_ = resumed
    assert model(out).num_timesteps == STEPS


def test_a_resumed_training_keeps_its_replay_buffer(
    resumed: tuple[Path, dict[str, Any], Progress, list[int]],
) -> None:
    out, *_ = resumed
    loaded = model(out)
    loaded.load_replay_buffer(checkpoint(out) / "replay.pkl")
    assert loaded.replay_buffer.size() == STEPS
    assert loaded.replay_buffer.n_steps == RECIPES["reach"].n_steps


def test_a_resumed_training_accumulates_its_cost(
    resumed: tuple[Path, dict[str, Any], Progress, list[int]],
) -> None:
    _, saved, end, _ = resumed
    assert saved["cpu_s"] > 0
    assert end.cpu_s > saved["cpu_s"]
    assert end.wall_s > saved["wall_s"]
    if end.energy_j is not None:
        assert end.energy_j > saved["energy_j"]
    assert end.episodes[: len(saved["episodes"])] == saved["episodes"]
    assert len(end.episodes) > len(saved["episodes"])


def test_the_learning_rate_falls_over_the_whole_resumed_training(
    resumed: tuple[Path, dict[str, Any], Progress, list[int]],
) -> None:
    out, *_ = resumed
    rate = model(out).actor.optimizer.param_groups[0]["lr"]
    assert rate == pytest.approx(RECIPES["reach"].learning_rate / 10, rel=0.05)


def test_a_finished_training_is_not_trained_again(
    whole: tuple[Path, Progress],
) -> None:
    out, progress = whole
    before = (checkpoint(out) / "model.zip").stat().st_mtime_ns
    assert train("reach", out, SEED, steps=STEPS) == progress
    assert (checkpoint(out) / "model.zip").stat().st_mtime_ns == before


@pytest.mark.parametrize(("seed", "steps"), [(SEED + 1, STEPS), (SEED, STEPS + 400)])
def test_another_seed_or_recipe_on_the_same_folder_is_an_error(
    whole: tuple[Path, Progress], seed: int, steps: int
) -> None:
    out, _ = whole
    with pytest.raises(TrainingError, match=rf"with seed {SEED}, .*--out, or --fresh"):
        train("reach", out, seed, steps=steps)


def test_another_arm_on_the_same_folder_is_an_error(
    whole: tuple[Path, Progress],
) -> None:
    with pytest.raises(TrainingError, match=r"arm panda .* not seed 3, arm xarm"):
        train("reach", whole[0], SEED, robot="xarm", steps=STEPS)


def test_a_training_with_another_arm_names_it_on_the_card(tmp_path: Path) -> None:
    progress = train("reach", tmp_path, SEED, robot="xarm", steps=700)
    card = finish(progress, tmp_path, 1, "jouleplan train reach --robot xarm")
    assert progress.robot == card["robot"] == "xarm"


def test_another_algorithm_than_the_recipes_is_trained_and_told(tmp_path: Path) -> None:
    progress = train("reach", tmp_path, SEED, algorithm="SAC", steps=700)
    card = finish(progress, tmp_path, 1, "jouleplan train reach --algorithm SAC")
    assert card["algorithm"] == "SAC, Stable-Baselines3"


def test_fresh_begins_anew(
    resumed: tuple[Path, dict[str, Any], Progress, list[int]], tmp_path: Path
) -> None:
    out = tmp_path
    train("reach", out, SEED, steps=200)
    seen: list[int] = []
    end = train(
        "reach",
        out,
        SEED + 1,
        steps=400,
        fresh=True,
        report=lambda done, *_: seen.append(done),
    )
    assert seen == [200, 400]
    assert (end.seed, end.steps) == (SEED + 1, 400)
    saved = json.loads((checkpoint(out) / "progress.json").read_text())
    assert (saved["seed"], saved["steps"]) == (SEED + 1, 400)


def test_an_unknown_skill_is_an_error_that_lists_those_there_are(
    tmp_path: Path,
) -> None:
    with pytest.raises(TrainingError, match=r"'fly'.*reach, grasp, move, release"):
        train("fly", tmp_path, 0)
    assert not list(tmp_path.iterdir())


def answers_differ(path: Path, predicting: Any) -> float:
    """Return the largest difference between ONNX and SB3 on random observations."""
    policy, rng = Policy(path), np.random.default_rng(0)
    worst = 0.0
    for _ in range(100):
        observation = rng.uniform(-1, 1, OBSERVATION_SIZE).astype(np.float32)
        wanted, _ = predicting.predict(observation, deterministic=True)
        worst = max(worst, float(np.abs(policy(observation) - wanted).max()))
    return worst


def test_the_export_answers_as_sb3_does(
    whole: tuple[Path, Progress], tmp_path: Path
) -> None:
    out, _ = whole
    export(checkpoint(out), "TD3", tmp_path / "reach.onnx")
    assert answers_differ(tmp_path / "reach.onnx", model(out)) < 1e-5
    assert [file.name for file in tmp_path.iterdir()] == ["reach.onnx"]


def test_the_export_of_sac_answers_as_sb3_does(tmp_path: Path) -> None:
    import stable_baselines3 as sb3

    from jouleplan.skills.environment import StageEnv

    untrained = sb3.SAC(
        "MlpPolicy",
        StageEnv("grasp"),
        policy_kwargs={"net_arch": list(training.HIDDEN)},
        seed=SEED,
        device="cpu",
    )
    untrained.save(tmp_path / "model.zip")
    export(tmp_path, "SAC", tmp_path / "grasp.onnx")
    assert answers_differ(tmp_path / "grasp.onnx", untrained) < 1e-5


def test_the_card_tells_all(whole: tuple[Path, Progress]) -> None:
    import hashlib

    out, progress = whole
    seen: list[tuple[int, int]] = []
    card = finish(
        progress,
        out,
        4,
        "jouleplan train reach --seed 3",
        lambda done, every, _: seen.append((done, every)),
    )
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    data = (out / "reach.onnx").read_bytes()
    assert tomllib.loads((out / "reach.toml").read_text()) == card
    assert card["skill"] == "reach"
    assert card["robot"] == "panda"
    assert card["algorithm"] == "TD3, Stable-Baselines3"
    assert card["file"] == "reach.onnx"
    assert card["sha256"] == hashlib.sha256(data).hexdigest()
    assert card["command"] == "jouleplan train reach --seed 3"
    trained, judged = card["training"], card["evaluation"]
    assert (trained["seed"], trained["environment_steps"]) == (SEED, STEPS)
    assert trained["cpu_s"] == round(progress.cpu_s, 1)
    assert trained["episodes"] == len(progress.episodes)
    assert trained["recipe"] == progress.recipe
    assert {"energy_j", "energy_source", "energy_quality"} <= set(trained)
    assert judged["seed"] == EVALUATION_SEED != SEED
    assert judged["episodes"] == 4
    assert judged["success_rate"] == judged["successes"] / 4
    low, high = judged["wilson_95"]
    assert 0 <= low <= judged["success_rate"] <= high <= 1
    assert {"jouleplan", "torch", "stable-baselines3", "python"} <= set(
        card["versions"]
    )


def test_every_stage_has_a_recipe() -> None:
    assert tuple(RECIPES) == STAGES

"""Imitation from pictures and words: what it learns, exports and goes on from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jouleplan.skills.errors import PolicyFileError, SkillError, TrainingError
from jouleplan.skills.policy import MAX_BYTES
from jouleplan.skills.vla.actions import FRAME_STEPS
from jouleplan.skills.vla.pixels import ServedVla
from jouleplan.skills.vla.policy import VlaPolicy, words_file
from tests.skills.vla.squares import (
    COLORS,
    SIDE,
    STATE,
    demos,
    draw,
    picture,
    seen_at,
    told,
)

torch = pytest.importorskip("torch")
pytest.importorskip("onnxscript")

from jouleplan.skills.vla.learning import training  # noqa: E402
from jouleplan.skills.vla.learning.data import (  # noqa: E402
    Sampler,
    frames_of,
    halved,
    normal_of,
)
from jouleplan.skills.vla.learning.export import export  # noqa: E402
from jouleplan.skills.vla.prompt import Vocabulary  # noqa: E402

SMALL = {"channels": 8, "chunk": 1, "hidden": 64}
GREY = np.full((SIDE, SIDE, 3), 128, np.uint8)


def trained_for(updates: int, out: Path) -> VlaPolicy:
    """Return a policy that was trained to go to the square of a color."""
    recipe = training.Recipe(updates, 32, shape=SMALL)
    trained = training.train(frames_of(demos()), recipe, 3, out / "checkpoint")
    export(trained, out / "vla.onnx")
    return VlaPolicy(out / "vla.onnx")


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> VlaPolicy:
    """A policy that has hardly learned anything."""
    return trained_for(2, tmp_path_factory.mktemp("vla"))


@pytest.mark.slow
def test_the_words_decide_which_square_is_gone_to(tmp_path: Path) -> None:
    policy, rng, right = trained_for(800, tmp_path), np.random.default_rng(99), 0
    for _ in range(20):
        places = seen_at(draw(rng))
        for color in COLORS:
            action = policy(picture(places), GREY, STATE, told(color))[0]
            right += (action[0] > 0) == (places[color][0] > SIDE / 2)
            assert action[6] < -0.5  # the hand was never closed
    assert right >= 36  # of 40 that it was not trained on


def test_an_action_is_of_libero_s_form(policy: VlaPolicy) -> None:
    action = policy(GREY, GREY, STATE, told("red"))
    assert action.shape == (1, 7)
    assert np.abs(action).max() <= 1.0
    assert (action[:, 3:5] == 0.0).all()


def test_words_that_it_never_saw_are_read(policy: VlaPolicy) -> None:
    prompt = "Kindly wander towards the red square, please, " + "now " * 20
    assert np.isfinite(policy(GREY, GREY, STATE, prompt)).all()


def seen(side: int) -> dict[str, object]:
    grey = np.full((side, side, 3), 128, np.uint8)
    return {
        "observation/image": grey,
        "observation/wrist_image": grey,
        "observation/state": STATE,
        "prompt": told("red"),
    }


def test_served_it_answers_at_the_rate_of_the_arm(policy: VlaPolicy) -> None:
    answer = ServedVla(policy).infer(seen(SIDE))
    chunk = policy(GREY, GREY, STATE, told("red"))
    assert np.array_equal(answer, np.repeat(chunk, FRAME_STEPS, axis=0))


def test_served_it_takes_pictures_of_another_size(policy: VlaPolicy) -> None:
    served = ServedVla(policy)
    assert np.array_equal(served.infer(seen(224)), served.infer(seen(SIDE)))


@pytest.mark.parametrize("key", seen(SIDE))
def test_served_it_names_what_an_observation_lacks(policy: VlaPolicy, key: str) -> None:
    lacking = {k: v for k, v in seen(SIDE).items() if k != key}
    with pytest.raises(SkillError, match=key):
        ServedVla(policy).infer(lacking)


def test_served_it_refuses_pictures_that_are_none(policy: VlaPolicy) -> None:
    wrong = {**seen(SIDE), "observation/image": np.zeros((SIDE, SIDE), np.float32)}
    with pytest.raises(SkillError, match="float32 of shape"):
        ServedVla(policy).infer(wrong)


def test_a_prompt_is_embedded_once(policy: VlaPolicy) -> None:
    assert not policy.embedded("Go to the moon.")
    policy(GREY, GREY, STATE, "Go to the moon.")
    assert policy.embedded("Go to the moon.")
    assert policy.flops > 100 * policy.prompt_flops / 16 > 0


def test_half_precision_answers_as_the_network_does(tmp_path: Path) -> None:
    frames = frames_of(demos(4))
    trained = training.train(frames, training.Recipe(3, 8, shape=SMALL), 3, tmp_path)
    export(trained, tmp_path / "vla.onnx")
    policy = VlaPolicy(tmp_path / "vla.onnx")
    assert (tmp_path / "vla.onnx").stat().st_size < MAX_BYTES
    words = trained.vocabulary.encode(told("blue"))[None]
    network, scene = trained.network, picture(seen_at(draw(np.random.default_rng(1))))
    with torch.no_grad():
        chunk, _, _ = network(
            training.pictures(torch.from_numpy(halved(scene[None]))),
            training.pictures(torch.from_numpy(halved(GREY[None]))),
            torch.from_numpy((STATE - trained.normal[0]) / trained.normal[1])[None],
            network.language(torch.from_numpy(words)),
        )
    told_by_onnx = policy(scene, GREY, STATE, told("blue"))
    np.testing.assert_allclose(told_by_onnx[0, :3], chunk[0, 0, :3], atol=0.01)


def test_an_interrupted_training_goes_on_to_the_same_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "CHECKPOINT_UPDATES", 3)
    monkeypatch.setattr(training, "REPORT_EVERY", 1)
    frames, recipe = frames_of(demos(4)), training.Recipe(7, 8, shape=SMALL)
    whole = training.train(frames, recipe, 5, tmp_path / "whole")

    def stop(done: int, _: int, __: dict[str, float]) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.train(frames, recipe, 5, tmp_path / "cut", report=stop)
    begun: list[int] = []
    resumed = training.train(
        frames, recipe, 5, tmp_path / "cut", report=lambda n, *_: begun.append(n)
    )
    assert begun[0] == 4  # the first update after the checkpoint
    for one, other in zip(
        whole.network.parameters(), resumed.network.parameters(), strict=True
    ):
        assert torch.equal(one, other)
    assert resumed.progress.updates == 7
    assert resumed.progress.cpu_s > 0


def test_a_checkpoint_of_other_data_is_refused(tmp_path: Path) -> None:
    frames, recipe = frames_of(demos(4)), training.Recipe(1, 8, shape=SMALL)
    training.train(frames, recipe, 5, tmp_path, data="these")
    with pytest.raises(TrainingError, match="--fresh"):
        training.train(frames, recipe, 5, tmp_path, data="those")


def test_a_chunk_ends_with_its_operator() -> None:
    frames = frames_of(demos(2))
    assert frames.operator_left.tolist() == [4, 3, 2, 1] * 2
    words = Vocabulary.of(frames.prompts)
    rng = np.random.default_rng(0)
    batch = Sampler(frames, words, normal_of(frames), 3, rng).draw(64)
    assert batch.chunk.shape == (64, 3, 5)
    assert set(batch.valid.sum(-1).ravel()) == {1.0, 2.0, 3.0}


def test_a_policy_without_its_words_is_refused(
    policy: VlaPolicy, tmp_path: Path
) -> None:
    alone = tmp_path / "vla.onnx"
    alone.write_bytes(policy.path.read_bytes())
    with pytest.raises(PolicyFileError, match=r"vla-words\.onnx"):
        VlaPolicy(alone)
    words_file(alone).write_bytes(policy.path.read_bytes())
    with pytest.raises(PolicyFileError, match="no policy from pixels"):
        VlaPolicy(alone)

"""Laws of the learners; what is learned is tested on a point in a square."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from jouleplan.skills.errors import PolicyFileError, TrainingError
from jouleplan.skills.gcrl.learning.export import export
from jouleplan.skills.gcrl.learning.gcivl import Gcivl
from jouleplan.skills.gcrl.learning.hiql import Hiql
from jouleplan.skills.gcrl.learning.learner import Settings, Sizes, Tensors, tensors
from jouleplan.skills.gcrl.learning.networks import expectile
from jouleplan.skills.gcrl.learning.registry import ALGORITHMS
from jouleplan.skills.gcrl.learning.saw import Saw
from jouleplan.skills.gcrl.learning.training import Recipe, Trained, train
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.sampler import Mixture, Sampler
from tests.skills.gcrl.fields import FULL, POINT, SCALED, walks

SMALL = Settings(hidden=(32, 32))
SIZES = Sizes(2, 2, 2, 2)


def batch(size: int = 64) -> Tensors:
    sampler = Sampler(walks(), FULL, Mixture(), np.random.default_rng(0))
    return tensors(sampler.draw(size))


def recipe(name: str, updates: int = 20) -> Recipe:
    settings = replace(ALGORITHMS[name].settings, hidden=(32, 32))
    return Recipe(name, updates, 64, settings, Mixture(discount=0.95))


def trained(name: str, folder: Path, updates: int = 20, space=FULL) -> Trained:  # type: ignore[no-untyped-def]
    return train(walks(), space, recipe(name, updates), 1, folder / name)


def test_the_expectile_at_one_half_is_the_mean() -> None:
    seen = torch.tensor([0.0, 1.0, 5.0])
    guess = torch.zeros(1, requires_grad=True)
    for _ in range(300):
        off = seen - guess
        loss = (expectile(off, 0.5) * off.square()).mean()
        (slope,) = torch.autograd.grad(loss, guess)
        guess = (guess - 0.2 * slope).detach().requires_grad_()
    assert guess.item() == pytest.approx(2.0, abs=1e-3)


def test_a_higher_expectile_is_more_optimistic() -> None:
    weights = expectile(torch.tensor([-1.0, 1.0]), 0.9)
    assert weights.tolist() == pytest.approx([0.1, 0.9])


def test_saw_without_bootstrapping_is_advantage_weighted_imitation() -> None:
    torch.manual_seed(0)
    saw = Saw(SIZES, replace(SMALL, bootstrap=0.0))
    flat = Gcivl(SIZES, SMALL)
    flat.networks["value"].load_state_dict(saw.networks["value"].state_dict())
    flat.networks["policy"].load_state_dict(saw.networks["policy"].state_dict())
    losses = saw.losses(batch())
    assert "bootstrap" not in losses
    assert losses["imitation"].item() == pytest.approx(
        flat.losses(batch())["policy"].item(), rel=1e-5
    )


def test_hiqls_low_level_with_the_goal_as_way_point_is_gcivls_policy() -> None:
    torch.manual_seed(0)
    hiql, flat = Hiql(SIZES, SMALL), Gcivl(SIZES, SMALL)
    flat.networks["value"].load_state_dict(hiql.networks["value"].state_dict())
    flat.networks["policy"].load_state_dict(hiql.networks["low"].state_dict())
    seen = batch()
    same = replace(seen, near=seen.actor_goal, near_next=seen.actor_goal_next)
    assert hiql.losses(same)["low"].item() == pytest.approx(
        flat.losses(seen)["policy"].item(), rel=1e-5
    )


def test_gciqls_policy_does_not_change_q() -> None:
    learner = ALGORITHMS["gciql"].make(SIZES, SMALL)
    learner.losses(batch())["policy"].backward()  # type: ignore[no-untyped-call]
    assert all(w.grad is None for w in learner.networks["q"].parameters())
    assert all(w.grad is not None for w in learner.networks["policy"].parameters())


@pytest.mark.parametrize("name", ALGORITHMS)
def test_an_update_makes_finite_losses_and_moves_every_network(name: str) -> None:
    torch.manual_seed(0)
    learner = ALGORITHMS[name].make(SIZES, SMALL)
    before = {n: w.clone() for n, w in learner.networks.named_parameters()}
    losses = learner.update(batch())
    assert losses
    assert all(np.isfinite(loss) for loss in losses.values())
    moved = {
        n.split(".")[0]
        for n, w in learner.networks.named_parameters()
        if not torch.equal(w, before[n])
    }
    assert moved == set(learner.networks)


@pytest.mark.parametrize("name", ALGORITHMS)
def test_what_is_exported_answers_as_what_was_trained(
    name: str, tmp_path: Path
) -> None:
    space = FULL if ALGORITHMS[name].whole_goals else SCALED
    done = trained(name, tmp_path, space=space)
    export(done, tmp_path / "option.onnx")
    network = OptionNetwork(tmp_path / "option.onnx", 2, space.input_size)
    rng = np.random.default_rng(0)
    state = rng.uniform(-1, 1, 2).astype("f")
    goal = rng.uniform(-1, 1, space.input_size).astype("f")
    answer = network(state, goal)
    with torch.no_grad():
        action, way_point, value = done.learner.deployed()(
            torch.from_numpy(state[None]), torch.from_numpy(goal[None])
        )
    assert answer.action == pytest.approx(action[0].numpy(), abs=1e-5)
    assert answer.way_point == pytest.approx(way_point[0].numpy(), abs=1e-5)
    assert len(answer.way_point) == (2 if ALGORITHMS[name].kind != "flat" else 0)
    if value.numel():
        assert answer.value == pytest.approx(value.item(), abs=1e-4)
    else:
        assert answer.value is None


def test_a_resumed_training_ends_as_one_that_ran_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jouleplan.skills.gcrl.learning import training

    monkeypatch.setattr(training, "CHECKPOINT_UPDATES", 10)
    through = trained("saw", tmp_path / "a", 30)

    def stop(done: int, *_: object) -> None:
        if done > 10:
            raise KeyboardInterrupt

    monkeypatch.setattr(training, "REPORT_EVERY", 5)
    with pytest.raises(KeyboardInterrupt):
        train(walks(), FULL, recipe("saw", 30), 1, tmp_path / "b/saw", report=stop)
    resumed = trained("saw", tmp_path / "b", 30)
    ours = resumed.learner.networks.state_dict()
    for name, weight in through.learner.networks.state_dict().items():
        assert torch.equal(weight, ours[name]), name
    assert resumed.progress.updates == 30
    assert resumed.progress.cpu_s > 0


def test_a_checkpoint_of_another_seed_is_refused(tmp_path: Path) -> None:
    trained("gcbc", tmp_path)
    with pytest.raises(TrainingError, match="seed 1"):
        train(walks(), FULL, recipe("gcbc"), 2, tmp_path / "gcbc")


def test_hilp_refuses_goals_that_are_no_whole_observations(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="whole observations"):
        trained("hilp", tmp_path, space=POINT)


def test_an_unknown_algorithm_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="gcbc, gcivl"):
        train(walks(), FULL, Recipe("magic"), 1, tmp_path)


def test_a_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    export(trained("gcbc", tmp_path), tmp_path / "option.onnx")
    with pytest.raises(PolicyFileError, match="train it again"):
        OptionNetwork(tmp_path / "option.onnx", 3, 2)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gcivl", "saw", "hiql"])
def test_a_learned_policy_walks_to_goals_it_was_not_shown(
    name: str, tmp_path: Path
) -> None:
    play = walks(150, 40)
    done = train(play, SCALED, recipe(name, 1500), 1, tmp_path)
    export(done, tmp_path / "option.onnx")
    network = OptionNetwork(tmp_path / "option.onnx", 2, SCALED.input_size)
    rng, reached = np.random.default_rng(5), 0
    mask = np.ones(2, dtype="f")
    for _ in range(40):
        at, goal = (rng.uniform(-1, 1, 2).astype("f") for _ in range(2))
        for _ in range(60):
            answer = network(at, SCALED.encode(at, goal, mask))
            at = np.clip(at + 0.1 * answer.action, -1, 1).astype("f")
            if SCALED.reached(at, goal, mask):
                reached += 1
                break
    assert reached >= 28  # of 40; walking at random reaches 5

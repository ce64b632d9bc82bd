"""The shipped policies from pixels, judged like any method."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from jouleplan.energy.meter import Meter
from jouleplan.energy.records import EpisodeRecord
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.planner.evaluate import Series, draw_problem, task_of
from jouleplan.planner.methods.episode import Asked, run_episode
from jouleplan.planner.methods.registry import find_method
from jouleplan.skills.policy import MAX_BYTES
from jouleplan.skills.vla.library import END_TO_END, GUIDED, vla_card, vla_file
from jouleplan.skills.vla.policy import VlaPolicy, words_file

MOVES = Series("hanoi", "", (3, 3), "move")


def played(method: str, seed: int, horizon: int | None = None) -> EpisodeRecord:
    """Run one single move from a random legal state."""
    with tempfile.TemporaryDirectory() as folder:
        task = task_of(draw_problem(MOVES, seed, Path(folder)))
        asked = Asked(task, "move", seed, horizon, 0)
        return run_episode(find_method(method), asked, Meter(CpuTimeModel(4.0, "test")))


def test_the_planner_s_words_move_disks_in_most_scenes() -> None:
    runs = [played("vla-planner-guided", seed) for seed in range(526, 532)]
    assert sum(run.success is True for run in runs) >= 3


def test_flops_are_those_of_the_chunks_and_of_one_prompt() -> None:
    policy = VlaPolicy(vla_file(mode=END_TO_END))
    record = played("vla-end-to-end?replan=2", 521, horizon=12)
    assert record.flops == 2 * policy.flops + policy.prompt_flops


@pytest.mark.parametrize("mode", [GUIDED, END_TO_END])
def test_a_shipped_policy_has_a_card_and_is_small(mode: str) -> None:
    path = vla_file(mode=mode)
    card = vla_card(path)
    assert card is not None
    assert card["training"]["cpu_s"] > 0
    assert all(one["energy_j"] > 0 for one in card["data"])
    assert path.stat().st_size + words_file(path).stat().st_size < MAX_BYTES
    shares = find_method(f"vla-{mode}").training
    assert len(shares) == 1 + len(card["data"])

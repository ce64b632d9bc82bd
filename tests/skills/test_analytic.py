"""Analytic controllers: they do what a policy has to learn, on the same scenes."""

from __future__ import annotations

import numpy as np
import pytest

from jouleplan.skills.analytic import AnalyticPolicy, analytic_policies
from jouleplan.skills.environment import StageEnv
from jouleplan.skills.stages import OBSERVATION_SIZE, STAGES


@pytest.mark.parametrize("stage", STAGES)
def test_controller_carries_out_its_stage_on_unseen_scenes(stage: str) -> None:
    env, controller = StageEnv(stage), AnalyticPolicy(stage)
    done = 0
    for episode in range(8):
        observation, _ = env.reset(seed=10_000_000 if episode == 0 else None)
        over = False
        while not over:
            action = controller(observation)
            assert env.action_space.contains(action)
            observation, _, ended, cut, info = env.step(action)
            over = ended or cut
        done += bool(info["is_success"])
    env.close()
    assert done == 8


def test_there_is_one_for_every_stage_and_it_says_where_it_is_from() -> None:
    policies = analytic_policies()
    for stage in STAGES:
        assert policies[stage].path.name == "analytic.py"
        still = policies[stage](np.zeros(OBSERVATION_SIZE, np.float32))
        assert still.shape == (4,)
        assert still.dtype == np.float32

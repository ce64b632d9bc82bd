"""The hand's way back, between two operators that are told in words."""

from __future__ import annotations

import numpy as np
import pytest

from jouleplan.energy.meter import Meter
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.planner.methods.hand import ASIDE_M, Hand
from jouleplan.planner.methods.judge import Judge
from jouleplan.planner.methods.method import Trial
from jouleplan.planner.methods.reference import reference
from jouleplan.planner.run import build_scene
from jouleplan.planner.task import read_task
from jouleplan.skills.vla.library import vla_file
from jouleplan.skills.vla.policy import VlaPolicy


@pytest.mark.parametrize("held", [False, True])
def test_the_way_back_ends_near_home_and_keeps_what_is_held(held: bool) -> None:
    task, meter = read_task("hanoi", "p03"), Meter(CpuTimeModel(4.0, "test"))
    with build_scene(task, 3) as scene:
        judge = Judge(task, scene, meter, reference(task))
        robot = scene.robot
        robot.teleport(np.array((0.4, 0.1, 0.15)), yaw=0.5, opening=0.03)
        trial = Trial(task, scene, 3, 400, meter, judge, start=robot.control_steps)
        Hand(VlaPolicy(vla_file()), trial, 2).rest(held)
        away = np.abs(robot.command - robot.model.home).max()
        assert away < ASIDE_M + 0.01
        assert robot.yaw == 0.0
        assert robot.closed is held
        assert 0 < trial.control_steps < 60

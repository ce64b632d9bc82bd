"""The elbow swings away from a tower beside the hand, and only from such a one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext

import numpy as np
import pytest

from jouleplan.domains.body import Body
from jouleplan.domains.facts import Facts
from jouleplan.domains.forearm import Forearm
from jouleplan.domains.robot import GRASP_ABOVE_CENTRE_M
from jouleplan.domains.scene import Scene
from jouleplan.domains.skill_call import SkillCall
from jouleplan.skills import pick as picking
from jouleplan.skills.elbow import CLEAR_M, SWINGS_RAD, best_elbow, descent
from jouleplan.skills.library import load_policies
from jouleplan.skills.pick import pick
from jouleplan.skills.place import place
from jouleplan.skills.route import over
from jouleplan.skills.skill import SkillOutcome, Workspace

GREY = (0.5, 0.5, 0.5, 1.0)
HEIGHT, PEG = 0.035, 0.02
"""Heights of a disk and of a peg [m]."""
HERE = (0.5, -0.2)
"""Where the last disk stands, on a peg: (x, y) [m]."""
BESIDE = (0.5, -0.05)
"""Where the tower stands, on its peg: 15 cm to the left of the last disk."""

Build = Callable[..., Scene]


@pytest.fixture
def build() -> Iterator[Build]:
    """Yield a maker of scenes: a tower of n disks and, beside it, a larger disk."""
    with ExitStack() as stack:

        def made(n: int, beside: tuple[float, float] = BESIDE) -> Scene:
            tower = [f"t{i}" for i in range(n)]  # from the top down
            bodies = {
                name: disk(name, 0.036 + 0.004 * i)
                for i, name in enumerate((*tower, "last"))
            }
            bodies |= {name: peg(name) for name in ("here", "beside")}
            on = dict(zip(tower, (*tower[1:], "beside"), strict=True))
            scene = stack.enter_context(
                Scene(
                    bodies,
                    {"here": "row", "beside": "row"},
                    Facts({**on, "last": "here"}),
                    np.random.default_rng(0),
                )
            )
            put = scene.simulator.set_pose
            put("here", (*HERE, PEG / 2))
            put("last", (*HERE, PEG + HEIGHT / 2))
            put("beside", (*beside, PEG / 2))
            for level, name in enumerate(reversed(tower)):
                put(name, (*beside, PEG + HEIGHT * (level + 0.5)))
            scene.robot.teleport(np.array((*beside, 0.4)))
            scene.settle()
            return scene

        yield made


def disk(name: str, width: float) -> Body:
    return Body(name, "movable", "box", (width, width, HEIGHT), 0.08, GREY)


def peg(name: str) -> Body:
    return Body(name, "fixed", "box", (0.09, 0.09, PEG), 0.0, GREY)


def swing_for(scene: Scene) -> float:
    """Return the swing with which the last disk is taken."""
    low = scene.simulator.pose("last")[0] + (0, 0, GRASP_ABOVE_CENTRE_M)
    points = over(scene, low + (0, 0, 0.06), carried=None)
    return best_elbow(scene, points, low, "last")


def workspace(scene: Scene) -> Workspace:
    return Workspace(scene, load_policies(), lambda _: nullcontext())


def shift(scene: Scene, at: dict[str, np.ndarray]) -> float:
    """Return the longest way [m] that a disk of the tower has moved since ``at``."""
    return max(float(np.abs(scene.simulator.pose(n)[0] - at[n]).max()) for n in at)


def poses(scene: Scene) -> dict[str, np.ndarray]:
    tower = [n for n in scene.movables if n != "last"]
    return {n: scene.simulator.pose(n)[0] for n in tower}


def test_the_last_disk_is_taken_and_put_back_beside_a_tower_of_seven(
    build: Build,
) -> None:
    scene = build(7)
    at, space = poses(scene), workspace(scene)
    assert pick(space, SkillCall("pick", "last")).done
    assert place(space, SkillCall("place", "last", "here")).done
    scene.wait(1.0)
    assert shift(scene, at) < 0.002


def test_an_elbow_at_rest_pushes_that_tower(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picking, "best_elbow", lambda *_: 0.0)
    scene = build(7)
    result = pick(workspace(scene), SkillCall("pick", "last"))
    assert result.outcome is SkillOutcome.GUARD


def test_the_swing_leaves_the_room_that_it_shall(build: Build) -> None:
    scene = build(7)
    elbow = swing_for(scene)
    assert elbow in SWINGS_RAD
    low = scene.simulator.pose("last")[0] + (0, 0, GRASP_ABOVE_CENTRE_M)
    points = over(scene, low + (0, 0, 0.06), carried=None)
    boxes = [scene.standing(n) for n in poses(scene)]
    room = [
        scene.robot.forearm.clearance(joints, boxes)
        for joints in descent(scene.robot, points, low, elbow)
    ]
    assert min(room) > CLEAR_M - 0.002


@pytest.mark.parametrize("gap", [(-0.06, 0.13), (0.0, 0.13), (0.0, 0.16), (0.06, 0.13)])
def test_a_tower_of_five_is_too_low_to_be_looked_at(
    build: Build, monkeypatch: pytest.MonkeyPatch, gap: tuple[float, float]
) -> None:
    monkeypatch.delattr(Forearm, "clearance")
    scene = build(5, (HERE[0] + gap[0], HERE[1] + gap[1]))
    assert swing_for(scene) == 0.0


@pytest.mark.parametrize("beside", [(0.5, 0.05), (0.5, -0.37), (0.6, -0.05)])
def test_the_elbow_stays_where_the_forearm_does_not_meet_the_tower(
    build: Build, beside: tuple[float, float]
) -> None:
    assert swing_for(build(7, beside)) == 0.0


def test_the_elbow_turns_back_only_when_the_hand_is_up(build: Build) -> None:
    scene = build(7)
    space = workspace(scene)
    assert pick(space, SkillCall("pick", "last")).done
    swung = scene.robot.elbow
    assert swung != 0.0
    scene.simulator.set_pose("t0", (0.4, 0.3, HEIGHT / 2))
    seen: list[tuple[float, float]] = []
    space.watchers.append(
        lambda s: seen.append((float(s.robot.state.ee_position[2]), s.robot.elbow))
    )
    assert place(space, SkillCall("place", "last", "t0")).done
    assert seen[-1][1] == 0.0
    top = max(scene.standing(n).top for n in scene.bodies if n.startswith("t"))
    first = next(i for i, (_, elbow) in enumerate(seen) if elbow != swung)
    assert seen[first][0] > top


def test_a_hand_that_does_not_go_up_keeps_its_elbow(build: Build) -> None:
    scene = build(7)
    space = workspace(scene)
    assert pick(space, SkillCall("pick", "last")).done
    low = scene.simulator.pose("last")[0] + (0, 0, GRASP_ABOVE_CENTRE_M - 0.06)
    assert best_elbow(scene, [], low, "last") == scene.robot.elbow != 0.0

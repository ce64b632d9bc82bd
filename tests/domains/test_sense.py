"""Sensing: held, supported and loose, by geometry on real bodies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from jouleplan.domains.body import Body
from jouleplan.domains.facts import TABLE, Facts
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.standing import standing

GREY = (0.5, 0.5, 0.5, 1.0)
HEIGHT = 0.035
CLOSE = np.array((0.0, 0.0, 0.0, -1.0))


def disk(name: str, width: float) -> Body:
    return Body(name, "movable", "box", (width, width, HEIGHT), 0.08, GREY)


def peg(name: str) -> Body:
    return Body(name, "fixed", "box", (0.09, 0.09, 0.02), 0.0, GREY)


@pytest.fixture
def scene() -> Iterator[Scene]:
    """Yield disks a (narrow) to c (wide) as a tower on peg p; peg q is empty."""
    bodies = (disk("a", 0.04), disk("b", 0.05), disk("c", 0.06), peg("p"), peg("q"))
    facts = Facts({"a": "b", "b": "c", "c": "p"})
    with Scene(
        {b.name: b for b in bodies},
        {"p": "row", "q": "row"},
        facts,
        np.random.default_rng(0),
    ) as scene:
        yield scene


def turn(axis: Sequence[float], degrees: float) -> tuple[float, float, float, float]:
    """Return the quaternion (4,) xyzw of a turn about ``axis`` (3,)."""
    half = np.deg2rad(degrees) / 2
    x, y, z = (float(np.sin(half)) * a for a in axis)
    return (x, y, z, float(np.cos(half)))


def pose(
    scene: Scene, name: str, position: Sequence[float], quaternion: Sequence[float]
) -> None:
    """Put a body at a pose that no upright placement has."""
    simulator = scene.simulator
    simulator._p.resetBasePositionAndOrientation(
        simulator._ids[name], position, quaternion, physicsClientId=simulator._client
    )


def beside(scene: Scene, z: float) -> tuple[float, float, float]:
    """Return a free place on the table, a centre ``z`` [m] high."""
    x, y = scene.axes["q"]
    return (float(x) - 0.12, float(y), z)


def top_of(scene: Scene, name: str) -> np.ndarray:
    """Return where the centre of a disk on ``name`` lies, (3,) [m]."""
    at: np.ndarray = scene.simulator.pose(name)[0]
    return at + (0, 0, scene.bodies[name].height / 2 + HEIGHT / 2)


def test_a_tower_stands_as_it_was_built(scene: Scene) -> None:
    assert sense(scene, on_table=False) == Facts({"a": "b", "b": "c", "c": "p"})


def test_a_disk_moved_by_an_outsider_is_where_it_is(scene: Scene) -> None:
    scene.simulator.set_pose("a", top_of(scene, "q").tolist(), yaw=0.4)
    scene.settle(most=30)
    assert sense(scene, on_table=False).support["a"] == "q"


def test_sensing_looks_at_no_size_order(scene: Scene) -> None:
    scene.simulator.set_pose("c", top_of(scene, "q").tolist())
    scene.simulator.set_pose("a", top_of(scene, "p").tolist())
    scene.simulator.set_pose("b", top_of(scene, "a").tolist())
    assert sense(scene, False) == Facts({"c": "q", "a": "p", "b": "a"})


@pytest.mark.parametrize(("on_table", "place"), [(True, TABLE), (False, None)])
def test_a_body_on_the_table_is_placed_only_where_the_domain_knows_it(
    scene: Scene, on_table: bool, place: str | None
) -> None:
    scene.simulator.set_pose("a", beside(scene, HEIGHT / 2))
    scene.settle()
    facts = sense(scene, on_table)
    assert facts.support.get("a") == place
    assert facts.loose == (frozenset() if on_table else frozenset("a"))


@pytest.mark.parametrize("on_table", [True, False])
def test_a_body_on_end_is_loose(scene: Scene, on_table: bool) -> None:
    scene.simulator.set_pose("b", top_of(scene, "p"))
    scene.simulator.set_pose("a", top_of(scene, "b"))
    pose(scene, "c", beside(scene, 0.03), turn((1, 0, 0), 90))
    facts = sense(scene, on_table)
    assert facts == Facts({"a": "b", "b": "p"}, None, frozenset("c"))


def test_a_body_flat_on_its_side_stands_as_any_box_does(scene: Scene) -> None:
    at = top_of(scene, "b") + (0, 0, (scene.bodies["a"].width - HEIGHT) / 2)
    pose(scene, "a", at.tolist(), turn((1, 0, 0), 90))
    scene.settle()
    assert sense(scene, False) == Facts({"a": "b", "b": "c", "c": "p"})


def test_a_body_on_its_head_stands_as_any_box_does(scene: Scene) -> None:
    pose(scene, "b", top_of(scene, "c").tolist(), turn((1, 0, 0), 180))
    assert sense(scene, False) == Facts({"a": "b", "b": "c", "c": "p"})


@pytest.mark.parametrize(("degrees", "loose"), [(6.0, False), (10.0, True)])
def test_a_leaning_body_is_loose(scene: Scene, degrees: float, loose: bool) -> None:
    at = top_of(scene, "b")
    pose(scene, "a", at.tolist(), turn((0.6, 0.8, 0.0), degrees))
    assert ("a" in sense(scene, False).loose) is loose


def test_a_body_that_leans_on_a_tower_is_loose(scene: Scene) -> None:
    wide = scene.bodies["c"].width
    at = scene.simulator.pose("c")[0]
    # one edge on the peg's, the other high up on the wide disk
    pose(scene, "a", (at[0] - wide / 2 - 0.012, at[1], 0.055), turn((0, 1, 0), -55))
    scene.settle(most=60)
    facts = sense(scene, False)
    assert facts.loose == {"a"}
    assert facts.support == {"b": "c", "c": "p"}


@pytest.mark.parametrize(("offset", "loose"), [(0.018, False), (0.022, True)])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_body_that_overhangs_is_loose(
    scene: Scene, offset: float, loose: bool, axis: int
) -> None:
    shift = np.zeros(3)
    shift[axis] = offset
    scene.simulator.set_pose("b", top_of(scene, "c").tolist())
    scene.simulator.set_pose("a", (top_of(scene, "b") + shift).tolist())
    assert ("a" in sense(scene, False).loose) is loose


def test_the_overhang_is_measured_along_the_supports_own_sides(scene: Scene) -> None:
    scene.simulator.set_pose("b", top_of(scene, "c").tolist(), yaw=np.pi / 4)
    along = np.array((1.0, 0.0, 0.0))
    for offset, loose in ((0.026, False), (0.030, True)):
        at = top_of(scene, "b") + offset * along
        scene.simulator.set_pose("a", at.tolist())
        assert ("a" in sense(scene, False).loose) is loose


@pytest.mark.parametrize(("gap", "loose"), [(0.006, False), (0.010, True)])
def test_a_body_that_hovers_is_loose(scene: Scene, gap: float, loose: bool) -> None:
    scene.simulator.set_pose("a", (top_of(scene, "b") + (0, 0, gap)).tolist())
    assert ("a" in sense(scene, False).loose) is loose


def test_a_tower_on_a_loose_body_is_loose(scene: Scene) -> None:
    scene.simulator.set_pose("c", beside(scene, HEIGHT / 2))
    scene.simulator.set_pose("b", top_of(scene, "c").tolist())
    scene.simulator.set_pose("a", top_of(scene, "b").tolist())
    scene.settle()
    facts = sense(scene, on_table=False)
    assert facts == Facts({}, None, frozenset("abc"))
    assert sense(scene, on_table=True) == Facts({"a": "b", "b": "c", "c": TABLE})


def test_a_body_that_fell_off_the_table_is_loose(scene: Scene) -> None:
    scene.simulator.set_pose("a", (0.5, 2.0, -1.0))
    assert sense(scene, on_table=True).loose == {"a"}


def grasp(scene: Scene, name: str) -> None:
    """Close the fingers on a body and lift it."""
    seen = scene.standing(name)
    scene.robot.teleport(seen.position + (0, 0, 0.005), seen.yaw)
    scene.robot.step(CLOSE)
    for _ in range(15):
        scene.robot.step(np.array((0.0, 0.0, 0.9, 0.0)))
    scene.settle()


def test_a_body_in_the_gripper_is_held_and_nothing_rests_on_it(scene: Scene) -> None:
    grasp(scene, "a")
    assert sense(scene, on_table=False) == Facts({"b": "c", "c": "p"}, held="a")


def test_a_body_gripped_on_its_support_is_held(scene: Scene) -> None:
    seen = scene.standing("a")
    scene.robot.teleport(seen.position + (0, 0, 0.005), seen.yaw)
    assert sense(scene, on_table=False).held is None
    scene.robot.step(CLOSE)
    assert sense(scene, on_table=False) == Facts({"b": "c", "c": "p"}, held="a")


def test_a_body_let_go_is_held_no_longer(scene: Scene) -> None:
    grasp(scene, "a")
    scene.robot.step(-CLOSE)
    scene.settle(most=60)
    facts = sense(scene, on_table=False)
    assert facts.held is None
    assert "a" in facts.support or "a" in facts.loose


def test_a_body_knocked_out_of_closed_fingers_is_loose(scene: Scene) -> None:
    grasp(scene, "a")
    scene.simulator.set_pose("a", beside(scene, HEIGHT / 2))
    scene.settle()
    facts = sense(scene, on_table=False)
    assert facts.held is None
    assert facts.loose == {"a"}


def test_a_closed_empty_gripper_holds_nothing(scene: Scene) -> None:
    scene.robot.step(CLOSE)
    assert sense(scene, on_table=False).held is None


SIZE = np.array((0.05, 0.06, 0.04))


@pytest.mark.parametrize("yaw", [-3.0, -0.7, 0.0, 0.26, 1.57, 3.1])
def test_yaw_is_read_back(yaw: float) -> None:
    seen = standing(SIZE, (np.zeros(3), np.array(turn((0, 0, 1), np.rad2deg(yaw)))))
    assert seen.yaw == pytest.approx(yaw)
    assert (seen.along, seen.across, seen.height) == (0.05, 0.06, 0.04)
    assert seen.tilt == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("axis", "extents"),
    [((1, 0, 0), (0.05, 0.04, 0.06)), ((0, 1, 0), (0.06, 0.04, 0.05))],
)
def test_a_box_on_its_side_has_the_extents_it_shows(
    axis: tuple[int, int, int], extents: tuple[float, float, float]
) -> None:
    seen = standing(SIZE, (np.array((0.0, 0.0, 1.0)), np.array(turn(axis, 90))))
    assert sorted((seen.along, seen.across)) == sorted(extents[:2])
    assert seen.height == extents[2]
    assert (seen.top, seen.bottom) == (1 + extents[2] / 2, 1 - extents[2] / 2)


@pytest.mark.parametrize("degrees", [0.0, 7.9, -7.9, 82.5, 90.0, 173.0, 180.0])
def test_a_box_near_a_face_is_upright(degrees: float) -> None:
    cube = np.full(3, 0.04)
    quaternion = np.array(turn((0.0, 1.0, 0.0), degrees))
    assert standing(cube, (np.zeros(3), quaternion)).upright


@pytest.mark.parametrize("degrees", [8.1, -8.1, 45, 81.5, 135, 260])
def test_a_box_on_an_edge_is_not_upright(degrees: float) -> None:
    cube = np.full(3, 0.04)
    quaternion = np.array(turn((0.0, 1.0, 0.0), degrees))
    seen = standing(cube, (np.zeros(3), quaternion))
    assert not seen.upright
    assert np.deg2rad(8) < seen.tilt <= np.deg2rad(45) + 1e-6


def test_what_is_over_a_box_is_told_in_its_own_frame() -> None:
    turned = np.array(turn((0, 0, 1), 30))
    seen = standing(SIZE, (np.array((0.2, 0.1, 0.0)), turned))
    along = np.array((np.cos(np.pi / 6), np.sin(np.pi / 6)))
    centre = np.array((0.2, 0.1))
    assert seen.over(centre + 0.019 * along, inside=0.005)
    assert not seen.over(centre + 0.021 * along, inside=0.005)
    across = np.array((-along[1], along[0]))
    assert seen.over(centre + 0.024 * across, inside=0.005)
    assert not seen.over(centre + 0.026 * across, inside=0.005)

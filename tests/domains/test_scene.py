"""Scene: built from facts, the same by seed, at rest, sensed as it was asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains import scene as scene_module
from jouleplan.domains.binding import Binding, read_binding
from jouleplan.domains.facts import Facts, atoms_of, check_initial, facts_of
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.symbols import GroundAtom, Problem

DOMAINS = Path(scene_module.__file__).resolve().parent
SHIPPED = sorted(
    problem
    for toml in DOMAINS.glob("*/domain.toml")
    for problem in toml.parent.glob("problems/*.pddl")
)


def read(file: Path) -> tuple[Problem, Binding]:
    folder = file.parent.parent
    domain = read_domain(folder / "domain.pddl")
    problem = read_problem(file, domain)
    return problem, read_binding(folder / "domain.toml", domain, problem)


def shipped(domain: str, name: str) -> tuple[Problem, Binding]:
    return read(DOMAINS / domain / "problems" / f"{name}.pddl")


def build(problem: Problem, binding: Binding, seed: int) -> Scene:
    facts = facts_of(problem.init, binding, problem)
    rng = np.random.default_rng(seed)
    return Scene(binding.bodies, binding.layout, facts, rng)


def knows_table(binding: Binding) -> bool:
    return "on_table" in binding.classifiers.values()


def trajectory(seed: int) -> list[np.ndarray]:
    """Return every pose during a rash motion through a tower, flattened."""
    rng = np.random.default_rng(99)
    poses = []
    with build(*shipped("hanoi", "p05"), seed) as scene:
        for _ in range(60):
            action = np.array((*rng.uniform(-1, 1, 2), rng.uniform(-1, 0.3), 0.0))
            scene.robot.step(action)
            poses.append(
                np.concatenate(
                    [
                        scene.robot.state.ee_position,
                        *(
                            np.concatenate(scene.simulator.pose(n))
                            for n in scene.bodies
                        ),
                    ]
                )
            )
    return poses


def test_the_same_seed_gives_the_same_scene_and_trajectory() -> None:
    np.testing.assert_array_equal(trajectory(3), trajectory(3))


def test_another_seed_gives_another_scene() -> None:
    assert not np.array_equal(trajectory(3)[0], trajectory(4)[0])


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("file", SHIPPED, ids=lambda f: f"{f.parts[-3]}-{f.stem}")
def test_the_sensed_scene_of_a_shipped_problem_is_its_init(
    file: Path, seed: int
) -> None:
    problem, binding = read(file)
    with build(problem, binding, seed) as scene:
        facts = sense(scene, knows_table(binding))
    assert not facts.loose
    check_initial(problem, atoms_of(facts, binding, problem), binding)


@pytest.mark.parametrize(
    ("domain", "name", "gone", "come"),
    [
        ("hanoi", "p03", {"on(d1, d2)", "clear(d1)", "free-gripper()"}, "grasped d1"),
        ("blocksworld", "p05", None, "holding"),
    ],
)
def test_a_held_init_is_sensed_as_held(
    domain: str, name: str, gone: set[str] | None, come: str
) -> None:
    problem, binding = shipped(domain, name)
    facts = facts_of(problem.init, binding, problem)
    top = "d1"
    if gone is None:
        top = min(b for b in facts.support if b not in facts.support.values())
    support = {b: on for b, on in facts.support.items() if b != top}
    init = atoms_of(Facts(support, held=top), binding, problem)
    predicate = come.split()[0]
    assert GroundAtom(predicate, (top,)) in init
    held = Problem(problem.name, problem.domain_name, problem.objects, init, init)
    for seed in range(3):
        with build(held, binding, seed) as scene:
            sensed = sense(scene, knows_table(binding))
            assert sensed.held == top
            check_initial(held, atoms_of(sensed, binding, held), binding)


def test_an_eight_disk_tower_drifts_under_three_millimetres_in_ten_seconds() -> None:
    with build(*shipped("hanoi", "p08"), 0) as scene:
        disks = [n for n in scene.movables if n.startswith("d")]
        assert len(disks) == 8
        before = {n: scene.simulator.pose(n)[0] for n in disks}
        scene.wait(10.0)
        drift = {
            n: float(np.linalg.norm(scene.simulator.pose(n)[0] - before[n]))
            for n in disks
        }
    assert max(drift.values()) < 0.003, drift


def test_bodies_stay_where_they_were_put() -> None:
    with build(*shipped("hanoi", "p08"), 1) as scene:
        for name, placement in scene.initial.items():
            at = scene.simulator.pose(name)[0]
            np.testing.assert_allclose(at, placement.position, atol=0.003)


def test_settling_takes_the_least_number_of_steps_when_all_is_still() -> None:
    with build(*shipped("hanoi", "p03"), 0) as scene:
        scene.wait(1.0)
        before = scene.robot.control_steps
        scene.settle(least=4, most=15)
        assert scene.still()
        assert scene.robot.control_steps - before == 4


def test_settling_waits_for_a_falling_body_and_ends_at_the_most() -> None:
    with build(*shipped("hanoi", "p03"), 0) as scene:
        scene.simulator.set_pose("d1", (0.75, 0.3, 0.6))
        before = scene.robot.control_steps
        scene.settle(least=1, most=6)
        assert not scene.still()
        assert scene.robot.control_steps - before == 6
        scene.settle(most=60)
        assert scene.still()


def test_waiting_passes_simulated_time() -> None:
    with build(*shipped("hanoi", "p03"), 0) as scene:
        before = scene.simulated_s
        scene.wait(1.0)
        assert scene.simulated_s - before == pytest.approx(1.0)


def test_the_picture_shows_the_scene() -> None:
    with build(*shipped("hanoi", "p03"), 0) as scene:
        picture = scene.picture(64, 48)
    assert picture.shape == (48, 64, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 5


def test_a_scene_closes_twice() -> None:
    scene = build(*shipped("hanoi", "p03"), 0)
    scene.close()
    scene.close()

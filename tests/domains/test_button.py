"""Buttons in physics and in text: one press counts once, and nothing else presses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from jouleplan.domains.binding import Binding, read_binding
from jouleplan.domains.button import READY_SHARE, SWITCH_SHARE, TRAVEL_M, Button
from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.errors import BindingError, InitialStateError
from jouleplan.domains.facts import Facts, atoms_of, check_initial, facts_of
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.robot import Robot
from jouleplan.domains.scene import Scene
from jouleplan.domains.sense import sense
from jouleplan.domains.simulator import Simulator
from jouleplan.domains.symbols import Domain, GroundAtom, Problem

SIZE = (0.06, 0.06, 0.04)
AT = (0.5, 0.1, 0.02)
KITCHEN = find_domain("kitchen")


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as found:
        found.add_button("knob", SIZE, AT)
        yield found


def knob(simulator: Simulator) -> Button:
    return simulator.buttons["knob"]


def push(simulator: Simulator, depth_m: float, substeps: int = 24) -> None:
    """Hold the cap down at ``depth_m`` by hand."""
    button = knob(simulator)
    for _ in range(substeps):
        simulator._p.resetJointState(
            button.body, 0, depth_m, physicsClientId=simulator._client
        )
        simulator.step()


def test_a_cap_that_is_let_go_comes_up_again(simulator: Simulator) -> None:
    push(simulator, TRAVEL_M)
    simulator.step(240)
    assert knob(simulator).depth_m < 0.0005


def test_a_press_counts_once_however_long_it_lasts(simulator: Simulator) -> None:
    push(simulator, TRAVEL_M, substeps=240)
    assert (knob(simulator).on, knob(simulator).presses) == (True, 1)


def test_two_presses_switch_on_and_off(simulator: Simulator) -> None:
    for _ in range(2):
        push(simulator, TRAVEL_M)
        simulator.step(240)
    assert (knob(simulator).on, knob(simulator).presses) == (False, 2)


def test_a_touch_short_of_the_threshold_is_no_press(simulator: Simulator) -> None:
    push(simulator, (SWITCH_SHARE - 0.1) * TRAVEL_M)
    assert knob(simulator).presses == 0


def test_a_cap_that_did_not_come_up_is_not_pressed_again(simulator: Simulator) -> None:
    push(simulator, TRAVEL_M)
    push(simulator, (READY_SHARE + 0.1) * TRAVEL_M)
    push(simulator, TRAVEL_M)
    assert knob(simulator).presses == 1


def test_a_block_that_comes_to_lie_on_a_cap_does_not_press_it(
    simulator: Simulator,
) -> None:
    simulator.add_box("block", (0.03, 0.03, 0.03), (*AT[:2], 0.057), mass=0.2)
    simulator.step(240)
    assert knob(simulator).presses == 0
    assert simulator.pose("block")[0][2] == pytest.approx(0.055, abs=0.002)


def test_closed_fingers_press_it_by_force(simulator: Simulator) -> None:
    robot = Robot(simulator)
    robot.teleport(np.array((*AT[:2], 0.08)), opening=0.0)
    for _ in range(8):
        robot.step(np.array((0.0, 0.0, -0.8, 0.0)))
    assert (knob(simulator).on, knob(simulator).presses) == (True, 1)
    for _ in range(8):
        robot.step(np.array((0.0, 0.0, 0.8, 0.0)))
    robot.hold(10)
    assert knob(simulator).depth_m < 0.0005
    assert knob(simulator).on


def test_the_colour_of_the_cap_shows_whether_it_is_on(simulator: Simulator) -> None:
    def red() -> float:
        eye = (AT[0], AT[1] - 0.01, 0.3)
        picture = simulator.render(40, 40, eye, AT)[15:25, 15:25].astype(float)
        return float((picture[..., 0] - picture[..., 2]).mean())

    before = red()
    knob(simulator).toggle()
    assert red() > before + 50


def test_its_pose_and_size_are_those_of_the_box_around_it(
    simulator: Simulator,
) -> None:
    np.testing.assert_allclose(simulator.pose("knob")[0], AT)
    np.testing.assert_allclose(simulator.size("knob"), SIZE)


def test_a_removed_button_is_forgotten(simulator: Simulator) -> None:
    simulator.remove("knob")
    simulator.step(10)
    assert not simulator.buttons


# --- in text ---


@pytest.fixture
def domain() -> Domain:
    return read_domain(KITCHEN.domain_pddl)


def problem(name: str, domain: Domain) -> Problem:
    return read_problem(KITCHEN.problems[name], domain)


def binding(text: str, domain: Domain, folder: Path) -> Binding:
    toml = folder / "domain.toml"
    toml.write_text(text)
    return read_binding(toml, domain, problem("p02", domain))


def shipped() -> str:
    assert KITCHEN.domain_toml is not None
    return KITCHEN.domain_toml.read_text()


def test_a_button_that_is_on_at_first_is_sensed_so(
    domain: Domain, tmp_path: Path
) -> None:
    cooked, bound = problem("p02", domain), binding(shipped(), domain, tmp_path)
    facts = facts_of(cooked.init, bound, cooked)
    assert facts.switches == {"knob": True}
    rng = np.random.default_rng(0)
    with Scene(bound.bodies, bound.layout, facts, rng) as scene:
        scene.settle()
        seen = sense(scene, on_table=False)
        assert seen.switches == {"knob": True}
        check_initial(cooked, atoms_of(seen, bound, cooked), bound)
        scene.simulator.buttons["knob"].toggle()
        seen = sense(scene, on_table=False)
    dark = atoms_of(seen, bound, cooked)
    assert GroundAtom("lit", ("knob",)) not in dark
    with pytest.raises(InitialStateError, match=r"lit\(knob\) stands in :init"):
        check_initial(cooked, dark, bound)


def test_what_has_come_to_lie_on_a_button_is_loose(
    domain: Domain, tmp_path: Path
) -> None:
    cooked, bound = problem("p02", domain), binding(shipped(), domain, tmp_path)
    facts = facts_of(cooked.init, bound, cooked)
    rng = np.random.default_rng(0)
    with Scene(bound.bodies, bound.layout, facts, rng) as scene:
        at = scene.simulator.pose("knob")[0]
        scene.simulator.set_pose("fish", at + (0.0, 0.0, 0.036))
        scene.settle()
        seen = sense(scene, on_table=False)
    assert seen.loose == {"fish"}
    assert seen.switches == {"knob": True}


def test_a_predicate_that_says_off_is_read_and_sensed(
    domain: Domain, tmp_path: Path
) -> None:
    text = shipped().replace('"switched_on"', '"switched_off"')
    bound, cooked = binding(text, domain, tmp_path), problem("p02", domain)
    lit = GroundAtom("lit", ("knob",))
    assert facts_of(cooked.init, bound, cooked).switches == {"knob": False}
    bright = facts_of(cooked.init - {lit}, bound, cooked)
    assert bright.switches == {"knob": True}
    assert lit not in atoms_of(bright, bound, cooked)
    dark = Facts(bright.support, switches={"knob": False})
    assert lit in atoms_of(dark, bound, cooked)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('object = "?k"', 'object = "?o"', "switch-on.*presses .o, but these are no b"),
        ('skill = "press"', 'skill = "pick"', "moves .k, but these are fixed: knob"),
        ("[0.06, 0.06, 0.04]", "[0.03, 0.06, 0.04]", r"0\.045 to 0\.08 m wide"),
        ("[0.06, 0.06, 0.04]", "[0.06, 0.06, 0.01]", r"at least 0\.025 m high"),
        ('shape = "button"', 'shape = "lever"', "unknown 'lever'; allowed: .*button"),
    ],
)
def test_what_cannot_be_pressed_is_a_fault_that_says_what_can(
    old: str, new: str, fault: str, domain: Domain, tmp_path: Path
) -> None:
    with pytest.raises(BindingError, match=fault):
        binding(shipped().replace(old, new, 1), domain, tmp_path)


def test_only_fixed_bodies_are_buttons(domain: Domain, tmp_path: Path) -> None:
    text = shipped().replace(
        'kind = "movable"\nshape = "box"', 'kind = "movable"\nshape = "button"', 1
    )
    with pytest.raises(BindingError, match="a button is fixed; write so"):
        binding(text, domain, tmp_path)

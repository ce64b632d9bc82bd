"""The names that `import jouleplan` offers, and what a notebook shows of them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import jouleplan as jp
from jouleplan.domains.errors import UnknownNameError
from jouleplan.domains.facts import TABLE
from jouleplan.domains.scene import Scene
from jouleplan.domains.symbols import GroundOperator, State
from jouleplan.energy.errors import LedgerError
from jouleplan.planner.disturber import Disturber
from jouleplan.planner.errors import ComparisonError, ConditionError

HEAVY = ("matplotlib", "numpy", "onnxruntime", "pandas", "pybullet", "torch", "typing")
PADS = """(define (domain pads) (:requirements :strips :typing) (:types pad)
(:predicates (at ?p - pad)) (:action {name} :parameters (?a ?b - pad)
 :precondition (at ?a) :effect (and (at ?b) (not (at ?a)))))"""
PROBLEM = """(define (problem q) (:domain pads) (:objects a b - pad)
(:init (at a)) (:goal (and {goal})))"""


@pytest.fixture(scope="module")
def solved() -> jp.Solved:
    return jp.solve("hanoi", "p03", seed=7, quiet=True)


@pytest.fixture(scope="module")
def compared() -> jp.Compared:
    return jp.compare(("neurosymbolic", "scripted"), "hanoi", episodes=1, quiet=True)


def lone_domain(folder: Path, goal: str = "(at b)", name: str = "go") -> Path:
    (folder / "domain.pddl").write_text(PADS.format(name=name))
    (folder / "p.pddl").write_text(PROBLEM.format(goal=goal))
    return folder


def test_import_loads_nothing_heavy() -> None:
    code = (
        "import jouleplan, sys; dir(jouleplan)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    # without site, which loads what the environment asks for
    paths = [path for path in sys.path if path]
    code = f"import sys; sys.path[:] = {paths!r}\n{code}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_listed_name_is_there() -> None:
    assert all(getattr(jp, name) is not None for name in dir(jp))
    assert {"load_domain", "plan", "Executive", "Meter", "Ledger"} <= set(dir(jp))
    assert {"compare", "report"} <= set(dir(jp))


def test_a_name_that_is_not_offered_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'paln'"):
        _ = jp.paln


# --- domains and plans ---


def test_shipped_domains_are_listed_with_their_problems() -> None:
    found = jp.list_domains()
    frame = found.to_frame().set_index("domain")
    assert "p03" in frame.problems["hanoi"]
    assert "blocksworld" in found._repr_html_()


def test_loaded_domain_shows_its_operators() -> None:
    hanoi = jp.load_domain("hanoi")
    assert hanoi.executable
    assert hanoi.operators == ("pick", "place")
    assert list(hanoi.to_frame().operator) == ["pick", "place"]
    assert "?d - disk" in hanoi._repr_html_()


def test_scene_of_a_shipped_problem_is_fine_and_shown() -> None:
    checked = jp.load_domain("hanoi").check("p03")
    assert checked.fine
    assert "data:image/png;base64," in checked._repr_html_()


def test_plan_is_a_frame_a_graph_and_a_picture() -> None:
    found = jp.plan("hanoi", "p03", optimal=True)
    assert len(found.steps) == len(found.to_frame()) == 14
    assert found.cost == 14
    assert str(found).splitlines()[0] == "pick(d1, d2)"
    assert found.graph().graph["length"] == 14
    assert "<svg" in found.svg()
    shown = found._repr_html_()
    assert "data:image/svg+xml;base64," in shown
    assert "proven best" in shown


def test_problem_without_a_plan_says_why(tmp_path: Path) -> None:
    found = jp.plan(lone_domain(tmp_path, goal="(at a) (at b)"))
    assert not found.solved
    assert found.cost is None
    assert "unsolvable" in found._repr_html_()
    with pytest.raises(ValueError, match="no plan to draw"):
        found.svg()


def test_goal_that_holds_has_an_empty_plan(tmp_path: Path) -> None:
    found = jp.plan(lone_domain(tmp_path, goal="(at a)"))
    assert found.solved
    assert found.to_frame().empty
    assert "0 steps" in found._repr_html_()


def test_names_from_files_are_escaped(tmp_path: Path) -> None:
    folder = tmp_path / "<script>alert(1)<"
    folder.mkdir()
    lone_domain(folder)
    domain = jp.load_domain(folder)
    assert "<script" not in domain._repr_html_()
    assert "&lt;script&gt;" in domain._repr_html_()


@pytest.mark.parametrize(
    ("domain", "problem", "says"),
    [("hanio", "p03", "did you mean hanoi"), ("hanoi", "p3", "did you mean p03")],
)
def test_unknown_name_is_told_with_near_ones(
    domain: str, problem: str, says: str
) -> None:
    with pytest.raises(UnknownNameError, match=says):
        jp.plan(domain, problem)


# --- episodes ---


def test_episode_is_shown_with_its_film(solved: jp.Solved) -> None:
    assert solved.goal_reached
    assert solved.film[:6] == b"GIF89a"
    assert len(solved.film) < 500_000
    shown = solved._repr_html_()
    assert "data:image/gif;base64," in shown
    assert "<script" not in shown
    assert len(re.findall("pick|place", shown)) >= 14


def test_episode_is_a_frame_of_operators_and_one_of_phases(solved: jp.Solved) -> None:
    frame = solved.to_frame()
    assert list(frame.operator) == list(solved.episode.plan)
    assert (frame.outcome == "done").all()
    assert solved.episode.total is not None
    phases = solved.energy_frame()
    total = solved.episode.total.energy_j
    assert phases.energy_j.sum() == pytest.approx(total)
    assert {"planning", "simulation", "rendering"} <= set(phases.index)


def test_a_hand_of_ones_own_is_noticed_and_made_good() -> None:
    done: list[str] = []

    def push(scene: Scene, state: State, operator: GroundOperator) -> str:
        if done or str(operator) != "pick(d2, d3)":
            return ""
        done.append("pushed d1 off its peg")
        hand = scene.robot.state.ee_position
        x, y = scene.free_places(TABLE, "d1", [hand])[0]
        scene.simulator.set_pose("d1", (x, y, 0.03))
        return done[0]

    found = jp.solve(
        "hanoi", "p03", seed=3, film=False, quiet=True, hand=Disturber(before=push)
    )
    assert found.episode.disturbances == done != []
    assert "restore" in set(found.to_frame().kind)
    assert found.goal_reached


def test_probability_of_the_outside_hand_is_checked() -> None:
    with pytest.raises(ConditionError, match="from 0 to 1"):
        jp.solve("hanoi", "p03", disturb=3)


# --- energy and comparisons ---


def test_meter_and_readings_are_shown_with_source_and_quality() -> None:
    meter = jp.Meter()
    with meter.phase("a <b>"):
        sum(range(100_000))
    shown = meter._repr_html_()
    assert "a &lt;b&gt;" in shown
    assert len(repr(meter)) < 100
    (reading,) = meter.readings().values()
    assert reading.quality in shown
    assert reading.source in reading._repr_html_()
    assert list(meter.to_frame().index) == ["a <b>"]


def test_comparison_is_a_table_a_frame_and_a_report(compared: jp.Compared) -> None:
    assert set(compared.to_frame().method) == {"neurosymbolic", "scripted"}
    shown = compared._repr_html_()
    assert "J a success (95 %)" in shown
    assert shown.count("<tr>") == 3
    found = jp.report(compared)
    assert "neurosymbolic" in found._repr_html_()
    assert repr(found) == f"Report({found.data.name!r}, hanoi)"


def test_comparison_records_the_command_that_repeats_it(compared: jp.Compared) -> None:
    with jp.Ledger(compared.path) as ledger:
        (command,) = set(ledger.frame("runs").command)
        assert "episodes" in ledger._repr_html_()
    assert command == (
        "jouleplan compare --methods neurosymbolic,scripted --domains hanoi "
        "--problem p03 --episodes 1 --seed 0 --jobs 1"
    )


def test_comparison_goes_on_with_a_ledger(compared: jp.Compared) -> None:
    again = jp.compare(domain="hanoi", episodes=1, ledger=compared.path, quiet=True)
    assert (again.outcome.ran, again.outcome.known) == (0, 2)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"methods": ()}, "give names"),
        ({"methods": ("scripted", "scripted")}, "each once"),
        ({"episodes": 0}, "1 or more"),
        ({"problems": "p03", "generate": (3, 4)}, "either problems or generate"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    asked: dict[str, object], says: str
) -> None:
    with pytest.raises(ComparisonError, match=says):
        jp.compare(**asked)  # type: ignore[arg-type]


def test_report_of_no_ledger_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger"):
        jp.report(tmp_path / "nowhere.db")

"""An architecture with random weights as a method: what it burns, success unknown."""

import math

import pytest

from jouleplan.energy.meter import Meter
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.planner.methods.architecture import (
    SCALED,
    ArchitectureMethod,
    Wish,
    chunks_made,
)
from jouleplan.planner.methods.episode import Asked, run_episode, warm_up
from jouleplan.planner.methods.errors import MethodError
from jouleplan.planner.methods.registry import find_method
from jouleplan.planner.task import Task, read_task
from jouleplan.skills.vla.errors import ArchitectureError
from tests.skills.vla.tiny import OBSERVATION, TINY

pytest.importorskip("torch")
pytest.importorskip("transformers")

HORIZON = 230


@pytest.fixture(scope="module")
def task() -> Task:
    return read_task("hanoi", "p03")


@pytest.fixture(scope="module")
def meter() -> Meter:
    return Meter(CpuTimeModel(4.0, "test"))


def asked(task: Task) -> Asked:
    return Asked(task, "p03", 5, HORIZON, 0)


def made(wish: Wish, task: Task, meter: Meter) -> ArchitectureMethod:
    method = ArchitectureMethod("tiny", TINY, wish)
    warm_up(method, asked(task), meter)
    return method


def test_every_chunk_of_the_horizon_is_made_and_success_stays_unknown(
    task: Task, meter: Meter
) -> None:
    method = made(Wish("fp32", chunks=0), task, meter)
    record = run_episode(method, asked(task), meter)
    assert (record.success, record.progress, record.cause) == (None, None, "")
    assert record.mechanical_work_j is None
    assert record.control_steps == record.horizon == HORIZON
    chunks = math.ceil(HORIZON / 50)
    assert record.phases["policy"].calls == record.phases["sensing"].calls == chunks
    assert SCALED not in record.phases
    assert method._policy is not None
    assert record.flops == chunks * method._policy.flops(OBSERVATION)
    assert record.energy.quality == "estimated"


def test_chunks_that_are_not_made_are_scaled_in_a_phase_of_their_own(
    task: Task, meter: Meter
) -> None:
    method = made(Wish("fp32", chunks=2), task, meter)
    record = run_episode(method, asked(task), meter)
    own, scaled = record.phases["policy"], record.phases[SCALED]
    assert (own.calls, scaled.calls) == (2, 3)
    spent = own.cpu_s + record.phases["sensing"].cpu_s
    assert scaled.cpu_s == pytest.approx(1.5 * spent)
    assert scaled.energy_j == pytest.approx(4.0 * scaled.cpu_s)
    assert "scaled" in method.description


def test_two_chunks_are_made_where_nothing_is_said(task: Task, meter: Meter) -> None:
    record = run_episode(made(Wish("fp32"), task, meter), asked(task), meter)
    assert (record.phases["policy"].calls, record.phases[SCALED].calls) == (2, 3)


class Measuring:
    """What a sensor says of itself."""

    name, components = "a sensor", ("cpu",)


def test_a_sensors_joules_are_not_scaled(
    task: Task, meter: Meter, monkeypatch: pytest.MonkeyPatch
) -> None:
    method = made(Wish("fp32", chunks=1), task, meter)
    measured = Meter(CpuTimeModel(4.0, "test"))
    monkeypatch.setattr(measured, "source", Measuring())
    with pytest.raises(MethodError, match="here a sensor measures: leave it out"):
        run_episode(method, asked(task), measured)


def test_where_a_sensor_measures_every_chunk_is_made() -> None:
    assert chunks_made(Wish("fp32"), 28, estimated=False) == 28
    assert chunks_made(Wish("fp32", chunks=0), 28, estimated=True) == 28


def test_its_training_is_unknown_and_not_nothing() -> None:
    (share,) = find_method("smolvla-random").training
    assert (share.energy_j, share.quality) == (None, "unavailable")


def test_pi0_is_refused_unless_memory_is_given() -> None:
    with pytest.raises(ArchitectureError, match=r"ask for it: pi0-random\?memory=9"):
        find_method("pi0-random")
    assert "pi0" in find_method("pi0-random?memory=9").label


@pytest.mark.parametrize(
    "parameters",
    ["dtype=int8", "cameras=3", "threads=0", "replan=51", "chunks=x", "speed=9"],
)
def test_a_parameter_that_does_not_fit_is_named(parameters: str) -> None:
    with pytest.raises(MethodError, match=parameters.partition("=")[0]):
        find_method(f"smolvla-random?{parameters}")


def test_parameters_are_settings() -> None:
    usual, other = find_method("smolvla-random"), find_method("smolvla-random?seed=4")
    assert usual.settings != other.settings
    assert other.settings["seed"] == 4

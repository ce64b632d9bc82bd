"""The meter on real work of this process, its children and its threads."""

from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from jouleplan.energy.errors import MixedReadingsError, PhaseError
from jouleplan.energy.hardware import hardware, hardware_id
from jouleplan.energy.meter import Meter
from jouleplan.energy.reading import Reading, add_readings, unavailable
from jouleplan.energy.sources.cpu_model import CpuTimeModel

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def meter() -> Meter:
    return Meter(CpuTimeModel(2.0, "test"))


def _burn(cpu_s: float) -> None:
    end = time.thread_time() + cpu_s
    while time.thread_time() < end:
        pass


def test_energy_is_watts_times_cpu_seconds(meter: Meter) -> None:
    before = time.process_time()
    with meter.phase("planning"):
        _burn(0.05)
    spent = time.process_time() - before
    reading = meter.readings()["planning"]
    assert reading.energy_j == pytest.approx(2.0 * spent, rel=0.02)
    assert reading.energy_j == 2.0 * reading.cpu_s
    assert (reading.quality, reading.calls) == ("estimated", 1)
    assert reading.source == "CPU-time model, 2 W per core (test)"
    assert set(reading.components) == {"cpu"}


def test_parents_remainder_is_a_leaf_and_leaves_sum_to_the_total(meter: Meter) -> None:
    before = time.process_time()
    with meter.phase("episode"):
        _burn(0.02)
        for _ in range(3):
            with meter.phase("policy"):
                _burn(0.01)
        with meter.phase("sensing"), meter.phase("render"):
            _burn(0.01)
    spent = time.process_time() - before
    leaves = meter.readings()
    assert set(leaves) == {
        "episode (other)",
        "episode/policy",
        "episode/sensing (other)",
        "episode/sensing/render",
    }
    assert leaves["episode/policy"].calls == 3
    assert leaves["episode/policy"].cpu_s == pytest.approx(0.03, rel=0.1)
    assert add_readings(leaves.values()) == meter.total()
    assert meter.total().cpu_s == pytest.approx(spent, rel=0.02)


def test_nothing_is_counted_outside_phases(meter: Meter) -> None:
    with meter.phase("a"):
        pass
    _burn(0.05)
    with meter.phase("a"):
        pass
    assert meter.total().cpu_s < 0.01


def test_unused_meter_knows_no_energy(meter: Meter) -> None:
    assert meter.readings() == {}
    assert meter.total().energy_j is None


def test_open_phase_can_be_read(meter: Meter) -> None:
    with meter.phase("a"):
        _burn(0.02)
        assert meter.readings()["a"].cpu_s >= 0.02


def test_childs_cpu_time_counts_where_it_is_reaped(meter: Meter) -> None:
    code = "import time\nwhile time.process_time() < 0.15: pass"
    with meter.phase("planning"):
        subprocess.run([sys.executable, "-S", "-c", code], check=True)
    with meter.phase("policy"):
        pass
    assert 0.15 <= meter.readings()["planning"].cpu_s < 0.3
    assert meter.readings()["policy"].cpu_s < 0.01


def test_child_reaped_outside_phases_is_not_counted(meter: Meter) -> None:
    code = "import time\nwhile time.process_time() < 0.1: pass"
    subprocess.run([sys.executable, "-S", "-c", code], check=True)
    with meter.phase("policy"):
        pass
    assert meter.total().cpu_s < 0.01


def test_sleep_costs_wall_time_but_no_energy(meter: Meter) -> None:
    with meter.phase("wait"):
        time.sleep(0.05)
    reading = meter.readings()["wait"]
    assert reading.wall_s >= 0.05
    assert reading.cpu_s < 0.01


def test_exception_leaves_the_meter_consistent(meter: Meter) -> None:
    with (
        pytest.raises(RuntimeError, match="boom"),
        meter.phase("a"),
        meter.phase("b"),
    ):
        raise RuntimeError("boom")
    with meter.phase("c"):
        pass
    assert set(meter.readings()) == {"a (other)", "a/b", "c"}


def test_phases_closed_out_of_order_are_refused(meter: Meter) -> None:
    outer, inner = meter.phase("outer"), meter.phase("inner")
    outer.__enter__()
    inner.__enter__()
    with pytest.raises(PhaseError, match="reverse order"):
        outer.__exit__(None, None, None)


@pytest.mark.parametrize("name", ["", "a/b", "a (other)"])
def test_unusable_phase_name_is_refused(meter: Meter, name: str) -> None:
    with pytest.raises(PhaseError, match="without '/'"):
        meter.phase(name)


def test_mark_separates_episodes(meter: Meter) -> None:
    for expected in (0.03, 0.06):
        mark = meter.mark()
        with meter.phase("policy"):
            _burn(expected)
        since = meter.since(mark)
        assert since["policy"].cpu_s == pytest.approx(expected, rel=0.1)
        assert since["policy"].calls == 1
        assert meter.total(mark) == add_readings(since.values())
    assert meter.total().cpu_s == pytest.approx(0.09, rel=0.1)
    assert meter.since(meter.mark()) == {}


def test_reset_forgets_but_keeps_open_phases_open(meter: Meter) -> None:
    with meter.phase("a"):
        _burn(0.05)
        meter.reset()
        _burn(0.01)
    assert meter.readings()["a"].cpu_s == pytest.approx(0.01, abs=0.005)


def test_readings_of_a_worker_process_are_merged(meter: Meter) -> None:
    worker = Meter(CpuTimeModel(2.0, "test"))
    with worker.phase("episode"), worker.phase("policy"):
        _burn(0.02)
    sent = pickle.loads(pickle.dumps(worker.readings()))
    for name, reading in sent.items():
        meter.add(name, reading)
    with meter.phase("episode"):
        pass
    assert set(meter.readings()) == set(sent)
    assert meter.readings()["episode/policy"] == sent["episode/policy"]
    total = meter.total()
    assert total.energy_j == pytest.approx(2.0 * total.cpu_s)


def test_reading_of_another_quality_is_not_merged(meter: Meter) -> None:
    with pytest.raises(MixedReadingsError, match="report it apart"):
        meter.add("policy", Reading(1.0, 1.0, 1.0, 1, "wall meter", "measured"))


def test_threads_bear_their_own_cpu_time_and_sum_to_the_process(meter: Meter) -> None:
    def work() -> None:
        with meter.phase("worker"):
            _burn(0.1)

    before = time.process_time()
    with meter.phase("main"):
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        _burn(0.05)
        for thread in threads:
            thread.join()
    spent = time.process_time() - before
    leaves = meter.readings()
    assert leaves["worker"].cpu_s == pytest.approx(0.2, rel=0.1)
    assert leaves["main"].cpu_s == pytest.approx(spent - 0.2, abs=0.02)
    assert meter.total().cpu_s == pytest.approx(spent, rel=0.02)


def test_unmetered_threads_count_in_the_phase_that_runs_them(meter: Meter) -> None:
    with meter.phase("policy"):
        thread = threading.Thread(target=_burn, args=(0.05,))
        thread.start()
        thread.join()
    assert meter.readings()["policy"].cpu_s >= 0.05


def test_meter_finds_a_source_by_itself() -> None:
    meter = Meter()
    with meter.phase("a"):
        _burn(0.01)
    total = meter.total()
    assert total.source
    assert total.quality in {"measured", "estimated"}


def _burn_in(meter: Meter, pipe: Any) -> None:
    with meter.phase("child"):
        _burn(0.05)
    pipe.send(meter.readings())


def test_meter_starts_afresh_in_a_forked_process(meter: Meter) -> None:
    ours, theirs = FORK.Pipe()
    with meter.phase("episode"):
        _burn(0.05)
        child = FORK.Process(target=_burn_in, args=(meter, theirs))
        child.start()
        found = ours.recv()
    child.join()
    assert found["episode/child"].cpu_s == pytest.approx(0.05, rel=0.1)
    assert found["episode (other)"].cpu_s < 0.04
    before = meter.total().cpu_s
    assert before == pytest.approx(0.05, abs=0.04)
    meter.add("episode/child", found["episode/child"])
    assert meter.total().cpu_s == pytest.approx(before + found["episode/child"].cpu_s)


def test_readings_are_a_frame_that_says_where_they_are_from(meter: Meter) -> None:
    with meter.phase("planning"):
        _burn(0.01)
    with meter.phase("control"):
        pass
    frame = meter.frame()
    assert list(frame.index) == ["planning", "control"]
    assert frame.loc["planning", "energy_j"] == meter.readings()["planning"].energy_j
    assert set(frame.quality) == {"estimated"}
    assert frame.attrs["hardware_id"] == hardware_id(hardware())
    assert frame.attrs["load_before"] >= 0
    assert frame.attrs["load_after"] >= 0
    assert Meter(CpuTimeModel(2.0, "test")).frame().empty


def test_what_was_added_as_unknown_makes_the_total_unknown() -> None:
    meter = Meter(CpuTimeModel(4.0, "test"))
    with meter.phase("here"):
        pass
    meter.add("elsewhere", unavailable("a server, metered where it runs", calls=1))
    assert meter.readings()["elsewhere"].energy_j is None
    assert meter.total().energy_j is None

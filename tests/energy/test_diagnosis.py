"""Why a sensor does not answer, and what to do, on files that stand for machines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jouleplan.energy.diagnosis import Machine, diagnose, machine
from jouleplan.energy.sources.zeus import TRACES, ZeusSearch

BARE = Machine(hypervisor=False, container=False)


class Answering:
    name = "Zeus (RAPL x 1)"
    components = ("cpu",)


def _rapl(tmp_path: Path) -> tuple[dict[str, tuple[str, ...]], str]:
    folder = tmp_path / "intel-rapl"
    (folder / "intel-rapl:0").mkdir(parents=True)
    (folder / "intel-rapl:0" / "energy_uj").write_text("1")
    return {"RAPL": (f"{folder}/intel-rapl:*",)}, str(folder)


def test_sensor_that_answers_is_named(tmp_path: Path) -> None:
    traces, rapl = _rapl(tmp_path)
    search = ZeusSearch(Answering(), ())  # type: ignore[arg-type]
    (found,) = diagnose(search, traces=traces, rapl=rapl, where=BARE)
    assert (found.answers, found.why, found.remedy) == (True, "Zeus (RAPL x 1)", "")


def test_counters_for_root_only_are_told_from_absent_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    traces, rapl = _rapl(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root reads anything
    search = ZeusSearch(None, ("RAPL: PermissionError: no",))
    (found,) = diagnose(search, traces=traces, rapl=rapl, where=BARE)
    assert not found.answers
    assert "root only" in found.why
    assert "chmod o+r" in found.remedy


def test_driver_that_fails_is_quoted(tmp_path: Path) -> None:
    traces, rapl = _rapl(tmp_path)
    search = ZeusSearch(None, ("RAPL: ValueError: broken",))
    (found,) = diagnose(search, traces=traces, rapl=rapl, where=BARE)
    assert found.why == "RAPL: ValueError: broken"


@pytest.mark.parametrize(
    ("where", "why", "remedy"),
    [
        (Machine(True, True), "virtual machine", "--power-csv"),
        (Machine(False, True), "container", "/zeus_sys/class/powercap/intel-rapl:ro"),
        (BARE, "kernel shows no counters", "modprobe"),
    ],
)
def test_absent_counters_have_a_reason(where: Machine, why: str, remedy: str) -> None:
    rapl, nvidia, amd = diagnose(
        ZeusSearch(None, ()), traces=dict.fromkeys(TRACES, ()), where=where
    )
    assert why in rapl.why
    assert remedy in rapl.remedy
    assert "driver" in nvidia.remedy
    assert "amdgpu" in amd.remedy
    assert ("container" in amd.remedy) == where.container


def test_machine_is_known_by_its_files(tmp_path: Path) -> None:
    assert machine(tmp_path) == BARE
    (tmp_path / "proc/1").mkdir(parents=True)
    (tmp_path / "proc/cpuinfo").write_text("model: x\nflags : fpu hypervisor\n")
    (tmp_path / "proc/1/cgroup").write_text("0::/kubepods/x\n")
    assert machine(tmp_path) == Machine(hypervisor=True, container=True)

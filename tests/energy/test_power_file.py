"""A power meter's file: its forms, its integral, its gaps."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from jouleplan.energy.errors import PowerFileError
from jouleplan.energy.power_file import TIME_FORMATS, PowerFile

BEGIN = 1_767_225_600.0
ISO = datetime.fromtimestamp(BEGIN, UTC)


def _file(path: Path, text: str) -> PowerFile:
    path.write_text(text, encoding="utf-8")
    file = PowerFile(path)
    file.update()
    return file


@pytest.mark.parametrize(
    "text",
    [
        f"{BEGIN},10\n{BEGIN + 2},20\n",
        f"timestamp,W\n{BEGIN},10\n{BEGIN + 2},20\n",
        f"# a plug\n{BEGIN * 1000:.0f},10\n{(BEGIN + 2) * 1000:.0f},20\n",
        "2026-01-01T00:00:00Z,10\n2026-01-01T00:00:02Z,20\n",
        "\ufeffTime;Voltage;Power (mW)\r\n2026-01-01 01:00:00+01:00;230,1;10000,0\r\n"
        "2026-01-01 01:00:02+01:00;230,1;20000,0\r\n",
        'n\tpower [kW]\ttime\n1\t0.01\t"2026-01-01T00:00:00+00:00"\n'
        "2\t0.02\t2026-01-01T00:00:02+00:00\n",
    ],
)
def test_forms_of_a_file(tmp_path: Path, text: str) -> None:
    file = _file(tmp_path / "p.csv", text)
    assert file.times == [BEGIN, BEGIN + 2]
    assert file.joules_until(BEGIN + 2) == pytest.approx(30)


def test_local_time_is_read_where_there_is_no_offset(tmp_path: Path) -> None:
    local = datetime.fromtimestamp(BEGIN).isoformat(" ")
    assert _file(tmp_path / "p.csv", f"{local},10\n").times == [BEGIN]


def test_power_changes_evenly_between_samples(tmp_path: Path) -> None:
    file = _file(tmp_path / "p.csv", "0,10\n2,20\n3,20\n")
    assert file.joules_until(1) == pytest.approx(12.5)
    assert file.joules_until(2.5) - file.joules_until(1) == pytest.approx(17.5 + 10)
    for outside in (-1, 3.5):
        with pytest.raises(PowerFileError, match="no samples around"):
            file.joules_until(outside)


def test_file_is_read_as_it_grows_and_half_a_line_is_left(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    file = _file(path, "0,10\n1,1")
    assert file.times == [0]
    with path.open("a") as more:
        more.write("0\n2,10\n")
    file.update()
    assert file.times == [0, 1, 2]
    assert file.joules_until(2) == pytest.approx(20)


def test_gap_is_an_interval_much_longer_than_usual(tmp_path: Path) -> None:
    samples = [*range(10), *range(30, 40)]
    file = _file(tmp_path / "p.csv", "".join(f"{t},10\n" for t in samples))
    assert file.gaps(0, 39) == [(9, 30)]
    assert file.gaps(10, 12) == [(9, 30)]
    assert file.gaps(0, 9) == file.gaps(30, 39) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("yesterday,10", TIME_FORMATS[2]),
        ("5,much", "no power in watts"),
        ("5,-1", "no power in watts"),
        ("5,nan", "no power in watts"),
        ("5", "has no time and power"),
        ("0.5,10", "goes back in time"),
    ],
)
def test_wrong_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(PowerFileError) as caught:
        _file(tmp_path / "p.csv", f"0,10\n1,10\n{line}\n")
    assert "p.csv:3: " in str(caught.value)
    assert said in str(caught.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PowerFileError, match="cannot be read"):
        PowerFile(tmp_path / "none.csv").update()

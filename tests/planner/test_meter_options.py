"""`--power-csv` and `jouleplan doctor --idle` as users run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jouleplan.energy.idle import stored
from jouleplan.energy.sources import choice
from jouleplan.energy.sources.cpu_model import cpu_time_model
from jouleplan.planner.cli.app import run
from jouleplan.planner.cli.output import ExitCode


@pytest.mark.parametrize(
    ("arguments", "text", "said"),
    [
        (["evaluate", "hanoi", "p03", "--jobs", "2"], "0,1\n", "--power-csv with"),
        (["solve", "hanoi", "p03", "--watts-per-core", "2"], "0,1\n", "not allowed"),
        (["solve", "hanoi", "p03"], "time,W\nnoon,1\n", "these are read: seconds"),
        (["evaluate", "hanoi", "p03"], "", "start the power meter before"),
        (["evaluate", "hanoi", "p03"], None, "cannot be read"),
    ],
)
def test_power_file_that_does_not_fit_is_bad_input(
    arguments: list[str],
    text: str | None,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "plug.csv"
    if text is not None:
        file.write_text(text)
    assert run([*arguments, "--power-csv", str(file)]) == ExitCode.BAD_INPUT
    assert said in capsys.readouterr().err


def test_doctor_keeps_the_idle_baseline(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    # a sensor's baseline is kept only where the machine is idle, which tests do not ask
    model = cpu_time_model(4.0)
    monkeypatch.setattr(choice, "best_source", lambda power_csv=None: model)
    assert run(["doctor", "--idle", "0.1", "--json"]) == ExitCode.DONE
    checks = {c["name"]: c for c in json.loads(capsys.readouterr().out)["checks"]}
    (baseline,) = stored()
    told = f"{baseline.power_w:.2f} W {baseline.quality}"
    assert told in checks["idle baseline measured"]["detail"]
    assert told in checks["idle baseline"]["detail"]
    for kind in ("RAPL", "NVIDIA", "AMD"):
        assert checks[f"energy sensor {kind}"]["detail"]

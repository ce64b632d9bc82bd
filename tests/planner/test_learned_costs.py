"""Costs learned from a ledger, written to a file, and minimised by the planner."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from jouleplan.energy.errors import LedgerError
from jouleplan.energy.ledger import Ledger
from jouleplan.energy.reading import Reading
from jouleplan.energy.records import EpisodeRecord, OperatorRecord
from jouleplan.planner.cli.app import run
from jouleplan.planner.cli.output import ExitCode
from jouleplan.planner.costs import read_costs
from jouleplan.planner.costs_file import costs_text
from jouleplan.planner.errors import CostsError
from jouleplan.planner.learned_costs import learn_costs
from jouleplan.planner.options import Options
from jouleplan.planner.planning import plan_files

ROTATION = Path(__file__).parents[2] / "docs" / "rotation"


def _operator(
    name: str, types: tuple[str, ...], joules: float, outcome: str = "done"
) -> OperatorRecord:
    return OperatorRecord(
        name,
        outcome,
        10,
        0,
        joules / 10,
        "pick",
        types,
        cpu_s=0.25,
        energy_j=1.0,
        mechanical_work_j=joules - 1,
    )


def _ledger(
    path: Path,
    *operators: OperatorRecord,
    domain: str = "d",
    quality: str = "estimated",
    method: str = "m",
) -> Path:
    energy = Reading(2.0, 0.5, 0.6, 3, "model", quality)  # type: ignore[arg-type]
    with Ledger(path) as ledger:
        started = ledger.start_run("x", method=method, seed=0)
        seed = ledger.counts()["episodes"]
        record = EpisodeRecord(
            domain, "p", seed, method, True, "", energy, 1.0, 1.0, 0, operators
        )
        ledger.record_episode(started, record)
    return path


def test_cost_is_the_joules_of_all_tries_by_successes(tmp_path: Path) -> None:
    path = _ledger(
        tmp_path / "l",
        _operator("pick(a)", ("disk",), 30, "timeout"),
        _operator("pick(a)", ("disk",), 30),
        _operator("pick(b)", ("ball",), 90),
        _operator("restore(a)", (), 500, "restore: done"),
    )
    every, ball, disk = learn_costs(path).operators
    assert (every.key, ball.key, disk.key) == ("pick", "pick(ball)", "pick(disk)")
    assert (every.tries, every.successes) == (3, 2)
    assert every.energy_j.mean == pytest.approx((30 + 30 + 90) / 2)
    assert every.compute_j.mean == pytest.approx(1.5)
    assert every.mechanical_j.mean == pytest.approx((29 + 29 + 89) / 2)
    assert every.seconds.mean == pytest.approx(7.5)
    assert disk.energy_j.mean == pytest.approx(60)
    assert ball.energy_j.mean == 90
    assert disk.success is not None
    assert disk.success.mean == 0.5
    assert disk.failure_cost == pytest.approx(-math.log(1.5 / 3))


def test_interval_holds_the_mean_and_narrows_with_episodes(tmp_path: Path) -> None:
    path = tmp_path / "l"
    widths = []
    for joules in (20, 40, 30, 35, 25, 31, 29, 33, 27, 30, 20, 40, 30, 35, 25, 31):
        _ledger(path, _operator("pick(a)", ("disk",), joules))
        energy = learn_costs(path).operators[0].energy_j
        assert energy.low <= energy.mean <= energy.high
        widths.append(energy.high - energy.low)
    assert 0 < widths[-1] < widths[1]


def test_operator_that_never_succeeded_is_dear_not_free(tmp_path: Path) -> None:
    path = _ledger(tmp_path / "l", _operator("pick(a)", ("disk",), 30, "timeout"))
    cost = learn_costs(path).operators[0]
    assert cost.energy_j.mean == pytest.approx(30 / 0.25)
    assert math.isfinite(cost.failure_cost)


def test_domains_methods_and_qualities_share_no_costs(tmp_path: Path) -> None:
    path = tmp_path / "l"
    pick = _operator("pick(a)", ("disk",), 30)
    _ledger(path, pick, domain="d")
    _ledger(path, pick, domain="e", quality="measured")
    _ledger(path, pick, domain="e")
    with pytest.raises(LedgerError, match=r"several domains \(d, e\).*--domain"):
        learn_costs(path)
    with pytest.raises(LedgerError, match=r"several qualities.*--quality"):
        learn_costs(path, domain="e")
    assert learn_costs(path, domain="e", quality="measured").episodes == 1
    with pytest.raises(LedgerError, match="There are: d, e"):
        learn_costs(path, domain="f")
    _ledger(path, pick, pick, domain="e", method="scripted")
    with pytest.raises(LedgerError, match=r"several methods.*--method"):
        learn_costs(path, domain="e")
    scripted = learn_costs(path, domain="e", method="scripted")
    assert (scripted.method, scripted.operators[0].tries) == ("scripted", 2)


def test_ledger_without_joules_of_operators_is_named(tmp_path: Path) -> None:
    path = _ledger(tmp_path / "l", OperatorRecord("pick(a)", "done", 1, 0, 1.0))
    with pytest.raises(LedgerError, match="no joules of operators"):
        learn_costs(path)


def test_file_is_read_back_for_each_measure(tmp_path: Path) -> None:
    path = _ledger(
        tmp_path / "l",
        _operator("pick(a)", ("disk",), 30),
        _operator('strange"name(a)', (), 60),
    )
    file = tmp_path / "costs.toml"
    learned = learn_costs(path)
    file.write_text(costs_text(learned, "jouleplan\nlearn-costs 'a b'"))
    for measure, of_disk in (
        ("energy", 30),
        ("time", 3),
        ("failures", round(-math.log(1.5 / 2), 5)),
    ):
        costs = read_costs(file, measure)
        (entry,) = (e for e in costs.entries if e.arguments == ("disk",))
        assert float(entry.cost) == pytest.approx(of_disk)
        assert costs.default is not None
    assert read_costs(file).entries == read_costs(file, "energy").entries


def test_file_without_the_measure_is_named(tmp_path: Path) -> None:
    file = tmp_path / "costs.toml"
    file.write_text('version = 1\nunit = "m"\n[operators]\npick = 1\n')
    assert read_costs(file).unit == "m"
    with pytest.raises(CostsError, match="no joules to minimise"):
        read_costs(file, "energy")
    with pytest.raises(CostsError, match=r"no table \[time\]"):
        read_costs(file, "time")


def test_least_energy_plan_is_longer_than_the_shortest(tmp_path: Path) -> None:
    block, pad = "block", "pad"
    path = _ledger(
        tmp_path / "l",
        _operator("move(red, p1, p2)", (block, pad, pad), 70),
        _operator("swap(red, green, p1, p2, p4)", (block, block, pad, pad, pad), 190),
        domain="rotation",
    )
    file = tmp_path / "costs.toml"
    file.write_text(costs_text(learn_costs(path), "test"))
    problem = ROTATION / "problems" / "rotate.pddl"

    def names(options: Options) -> list[str]:
        (found, *_) = plan_files(ROTATION / "domain.pddl", problem, options).plans
        return [step.operator for step in found.plan]

    assert names(Options()) == ["swap"] * 2
    assert names(Options(costs=read_costs(file, "energy"))) == ["move"] * 4


@pytest.mark.slow
def test_costs_are_learned_from_real_episodes_and_minimised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger, file = str(tmp_path / "l"), str(tmp_path / "costs.toml")
    for problem in ("rotate", "step"):
        arguments = [str(ROTATION), problem, "--episodes", "2", "--seed", "1000"]
        assert run(["evaluate", *arguments, "--ledger", ledger]) == ExitCode.DONE
    assert run(["learn-costs", ledger, "-o", file]) == ExitCode.DONE
    capsys.readouterr()
    with Ledger(ledger, read_only=True) as opened:
        work = opened.frame("episodes").mechanical_work_j.sum()
        operators = opened.frame("operators")
    # the rest is the way to where the episode is judged
    assert 0.9 * work < operators.mechanical_work_j.sum() <= work
    arguments = [str(ROTATION), "rotate", "--costs", file, "--minimise", "energy"]
    assert run(["solve", *arguments, "--seed", "2000", "--json"]) == ExitCode.DONE
    solved = json.loads(capsys.readouterr().out)
    assert len(solved["plan"]) == 4


def test_minimise_needs_costs(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["plan", "hanoi", "p03", "--minimise", "time"]
    assert run(arguments) == ExitCode.BAD_INPUT
    assert "--minimise time needs --costs FILE" in capsys.readouterr().err

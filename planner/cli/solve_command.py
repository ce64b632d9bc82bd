"""`jouleplan solve`: plan, execute in physics, count the joules."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.errors import UnknownNameError
from jouleplan.planner.cli.display import check_display, spare_stdout
from jouleplan.planner.cli.options import add_common, add_run, given_costs
from jouleplan.planner.cli.output import (
    ExitCode,
    command_line,
    emit,
    joules,
    note,
    planning_code,
    table,
)
from jouleplan.planner.cli.plan_command import planned
from jouleplan.planner.engines.engine import PlanStatus
from jouleplan.planner.task import SymbolicTask, bind, read_symbolic

if TYPE_CHECKING:
    from jouleplan.energy.meter import Meter
    from jouleplan.planner.episode import Episode
    from jouleplan.planner.run import Conditions, Run

UNBOUND_NOTE = "the domain has no domain.toml: solved in symbols, nothing was executed"


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("domain", metavar="DOMAIN", help="shipped name or path")
    parser.add_argument(
        "problem",
        metavar="PROBLEM",
        nargs="?",
        help="shipped name or path (default: the domain's first)",
    )
    add_common(parser, "seed of the scene (default: 0)", 0)
    add_run(parser)
    parser.add_argument("--gif", type=Path, metavar="FILE", help="write a film")
    parser.add_argument("--gui", action="store_true", help="show PyBullet's window")


def run(given: argparse.Namespace) -> int:
    """Solve and print what happened."""
    problem = given.problem or _first(given.domain)
    if find_domain(given.domain).domain_toml is None:
        return _symbolic(given, problem)
    symbolic = read_symbolic(given.domain, problem)
    if given.gui:
        check_display()
        spare_stdout()
    done, document = _execute(given, symbolic)
    emit(document, _text(done, document), given.json)
    episode = done.episode
    if episode.status is not PlanStatus.SOLVED:
        return planning_code(episode.status)
    return ExitCode.DONE if episode.goal_reached else ExitCode.NOT_REACHED


def _first(domain: str) -> str:
    files = find_domain(domain)
    if not files.problems:
        raise UnknownNameError(
            f"problem of {files.name}", "", (), "Give the path of a problem file."
        )
    return next(iter(files.problems))


def _symbolic(given: argparse.Namespace, problem: str) -> int:
    """Plan for a domain that nothing ties to physics."""
    planning, text, status = planned(given, problem)
    document = {
        **planning,
        "executed": [],
        "replans": 0,
        "goal_reached": None,
        "note": UNBOUND_NOTE,
    }
    emit(document, f"{text}\nnote: {UNBOUND_NOTE}", given.json)
    return planning_code(status)


def _execute(
    given: argparse.Namespace, symbolic: SymbolicTask
) -> tuple[Run, dict[str, Any]]:
    from jouleplan.energy.meter import Meter
    from jouleplan.energy.sources.choice import best_source
    from jouleplan.planner.film import Film
    from jouleplan.planner.run import Conditions, count_startup, run_episode
    from jouleplan.skills.library import load_policies

    conditions = Conditions(
        engine=given.engine,
        time_limit_s=given.time_limit,
        memory_limit_mb=given.memory_limit,
        costs=given_costs(given),
        policies=given.policies,
        disturb=given.disturb,
        watts_per_core=given.watts_per_core,
        limited=given.physics == "avoid",
        power_csv=given.power_csv,
        robot=given.robot,
        skills=given.skills,
    )
    film = None if given.gif is None else Film(given.gif)
    meter = Meter(best_source(given.watts_per_core, given.power_csv))
    count_startup(meter)
    with contextlib.ExitStack() as stack:
        ledger = None
        if given.ledger is not None:
            from jouleplan.energy.ledger import Ledger

            ledger = stack.enter_context(Ledger(given.ledger))
        carbon = stack.enter_context(_emissions(meter, given.emissions))
        with meter.phase("loading"):
            task = bind(symbolic)
            policies = load_policies(given.policies, given.robot)
        done = run_episode(
            task,
            policies,
            given.seed,
            conditions,
            meter=meter,
            since={},
            film=film,
            gui=given.gui,
        )
        if ledger is not None:
            _record(given, conditions, ledger, done)
    # after the run: it would count as the run's own start-up
    from jouleplan.planner.provenance import versions

    document = {
        **done.episode.as_dict(),
        "rules_broken": list(done.rules_broken),
        "robot": given.robot,
        "skills": given.skills,
        "policies": dict(done.policies),
        "film": None if film is None else str(film.path),
        "emissions": carbon(),
        "versions": versions(),
        "command": command_line(given.arguments),
    }
    return done, document


@contextlib.contextmanager
def _emissions(meter: Meter, folder: Path | None) -> Iterator[Any]:
    from jouleplan.planner.cli.emissions import emissions

    with emissions(meter, folder) as report:
        yield report


def _record(
    given: argparse.Namespace, conditions: Conditions, ledger: Any, done: Run
) -> None:
    from jouleplan.planner.books import record_of
    from jouleplan.planner.evaluate import Series, settings_of
    from jouleplan.planner.method_record import METHOD, method_of
    from jouleplan.planner.provenance import hardware, versions

    episode = done.episode
    series = Series(given.domain, given.problem or _first(given.domain))
    task, settings = settings_of(series, given.seed, conditions, jobs=1)
    run_id = ledger.start_run(
        command_line(given.arguments),
        method=METHOD,
        seed=given.seed,
        settings=settings,
        versions=versions(),
        hardware=hardware(),
    )
    used = task.binding.skill_sets(conditions.skills)
    ledger.record_method(run_id, method_of(conditions.policies, *used))
    if not ledger.record_episode(run_id, record_of(done, episode.problem)):
        note(
            f"{ledger.path} holds seed {given.seed} of {episode.problem} with these "
            "settings already; the first record is kept"
        )


def _text(done: Run, document: dict[str, Any]) -> str:
    """Return the answer for people."""
    episode = done.episode
    reasons = [b.reason for b in episode.beyond if b.reason not in episode.cause]
    beyond = [f"left alone: {reason}" for reason in reasons]
    if episode.status is not PlanStatus.SOLVED:
        failed = f"{episode.domain} {episode.problem}: {episode.status}"
        return "\n".join([f"{failed}: {episode.cause}", *beyond])
    right, tried = episode.first_time_right
    speed = episode.simulated_s / episode.wall_s if episode.wall_s else 0.0
    lines = [
        f"{episode.domain} {episode.problem}, seed {episode.seed}: "
        + ("goal reached" if episode.goal_reached else "goal NOT reached"),
        f"plan: {len(episode.plan)} operators by {episode.engine}",
        f"executed: {len(episode.executed)} "
        f"(first-time-right {right} of {tried}, replans {episode.replans}, "
        f"recoveries {sum(e.kind != 'operator' for e in episode.executed)})",
        f"time: {episode.simulated_s:.1f} s simulated, {episode.wall_s:.1f} s wall, "
        f"{speed:.1f} x real time",
        f"mechanical work of the arm: {episode.mechanical_work_j:.1f} J",
    ]
    if episode.cause:
        lines.insert(1, f"cause: {episode.cause}")
    lines += beyond
    lines += [f"outside hand: {what}" for what in episode.disturbances]
    lines += [f"rule broken: {atom}" for atom in done.rules_broken]
    lines += ["", energy_text(episode)]
    if document["film"]:
        lines.append(f"film: {document['film']}")
    return "\n".join(lines)


def energy_text(episode: Episode) -> str:
    """Return the energy by phase, its quality said in words."""
    assert episode.total is not None
    total = episode.total
    rows = [
        (n, joules(r.energy_j), f"{r.cpu_s:.2f}") for n, r in episode.energy.items()
    ]
    rows.append(("total", joules(total.energy_j), f"{total.cpu_s:.2f}"))
    head = ("phase", f"J, {total.quality}", "CPU s")
    return f"{table(head, rows)}\nenergy is {total.quality}: {total.source}"

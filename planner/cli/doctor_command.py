"""`jouleplan doctor`: whether everything that a run needs works here."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jouleplan.planner.cli.display import display_fault
from jouleplan.planner.cli.errors import OptionError
from jouleplan.planner.cli.options import above_zero, add_common
from jouleplan.planner.cli.output import USER_ERRORS, ExitCode, emit

if TYPE_CHECKING:
    from jouleplan.energy.idle import IdleBaseline

_FALL_M = 0.05
_WITHIN_M = 0.002


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        name: What.
        works: Whether it works.
        needed: Whether a run needs it.
        detail: What was found.
    """

    name: str
    works: bool
    needed: bool
    detail: str


def fill(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--idle",
        type=above_zero,
        metavar="S",
        help="first do nothing for S seconds and keep what the machine uses while idle",
    )
    parser.add_argument(
        "--power-csv",
        type=Path,
        metavar="FILE",
        help="file that a power meter writes, for --idle",
    )
    add_common(parser, "not used: nothing is random here", None)


def run(given: argparse.Namespace) -> int:
    """Check, and print what was found."""
    checks = [] if given.idle is None else [_idle(given.idle, given.power_csv)]
    checks += _checks()
    healthy = all(check.works for check in checks if check.needed)
    document = {
        "status": "healthy" if healthy else "unhealthy",
        "checks": [asdict(check) for check in checks],
    }
    lines = [
        f"{'ok  ' if c.works else 'FAIL' if c.needed else 'no  '} {c.name}: {c.detail}"
        for c in checks
    ]
    emit(document, "\n".join(lines), given.json)
    return ExitCode.DONE if healthy else ExitCode.NOT_REACHED


def _checks() -> Iterator[Check]:
    from jouleplan.planner.provenance import versions

    found = versions()
    missing = [name for name, version in found.items() if version == "not installed"]
    listed = ", ".join(f"{name} {version}" for name, version in found.items())
    yield Check("packages", not missing, needed=True, detail=listed)
    yield _attempt("physics", _physics)
    yield _attempt("policies", _policies)
    yield _attempt("planning", _planning)
    yield _attempt("energy", _energy)
    yield from _sensors()
    yield _kept_idle()
    fault = display_fault()
    yield Check("display for --gui", not fault, False, fault or "answers")


def _attempt(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, works=True, needed=True, detail=look())
    except (*USER_ERRORS, ImportError) as error:
        return Check(name, works=False, needed=True, detail=str(error))


def _physics() -> str:
    """Drop a box for 0.5 s: it must come to rest on the table."""
    from jouleplan.domains.simulator import SUBSTEP_S, Simulator

    side = 0.04
    with Simulator() as simulator:
        simulator.add_box("box", (side,) * 3, (0.5, 0.0, side / 2 + _FALL_M), mass=0.08)
        simulator.step(round(0.5 / SUBSTEP_S))
        height = float(simulator.pose("box")[0][2])
    if abs(height - side / 2) > _WITHIN_M:
        raise OptionError(
            f"a box that fell for 0.5 s lies at {height:.4f} m, not {side / 2} m: "
            "reinstall pybullet"
        )
    return f"a box fell and came to rest at {height:.4f} m"


def _policies() -> str:
    from jouleplan.skills.library import load_policies

    return ", ".join(load_policies().files().values())


def _planning() -> str:
    from jouleplan.domains.catalogue import find_domain, find_problem
    from jouleplan.planner.engines.engine import PlanStatus
    from jouleplan.planner.planning import plan_files

    files = find_domain("hanoi")
    result = plan_files(files.domain_pddl, find_problem(files, "p03"))
    said = f"hanoi p03: {result.status} by {result.engine}"
    if result.status is not PlanStatus.SOLVED:
        raise OptionError(f"{said}: {result.detail}")
    return f"{said}, {len(result.plans[0].plan)} operators, {result.cpu_s:.2f} s CPU"


def _energy() -> str:
    from jouleplan.energy.meter import Meter

    meter = Meter()
    with meter.phase("check"):
        sum(range(100_000))
    used = meter.total()
    return f"{used.quality}: {used.source}"


def _sensors() -> Iterator[Check]:
    from jouleplan.energy.diagnosis import diagnose

    for found in diagnose():
        remedy = f"; {found.remedy}" if found.remedy else ""
        yield Check(
            f"energy sensor {found.kind}",
            works=found.answers,
            needed=False,
            detail=found.why + remedy,
        )


def _idle(seconds: float, power_csv: Path | None) -> Check:
    """Measure the idle baseline and keep it."""
    from jouleplan.energy.idle import BUSY_ABOVE, measure_idle, store
    from jouleplan.energy.sources.choice import best_source

    baseline = measure_idle(seconds, best_source(power_csv=power_csv))
    quiet, modelled = baseline.busy <= BUSY_ABOVE, baseline.quality == "estimated"
    detail = _told(baseline)
    if quiet or modelled:
        detail += f", kept in {store(baseline)}"
    if not quiet:
        left = "which the model leaves out" if modelled else "so this is NOT kept"
        detail += (
            f"; other programs took {baseline.busy:.0%} of the CPUs, {left}: end them "
            "and measure again"
        )
    return Check("idle baseline measured", works=quiet, needed=False, detail=detail)


def _kept_idle() -> Check:
    from jouleplan.energy.hardware import hardware, hardware_id
    from jouleplan.energy.idle import stored

    here = hardware_id(hardware())
    known = [_told(b) for b in stored() if b.hardware_id == here]
    missing = "none of this machine is kept: run `jouleplan doctor --idle 60`"
    detail = "; ".join(known) or missing
    return Check("idle baseline", works=bool(known), needed=False, detail=detail)


def _told(baseline: IdleBaseline) -> str:
    return (
        f"{baseline.power_w:.2f} W {baseline.quality}, {baseline.seconds:g} s on "
        f"{baseline.created} ({baseline.source})"
    )

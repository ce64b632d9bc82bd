"""`jouleplan doctor`: whether everything that a run needs works here."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from jouleplan.planner.cli.display import display_fault
from jouleplan.planner.cli.errors import OptionError
from jouleplan.planner.cli.options import add_common
from jouleplan.planner.cli.output import USER_ERRORS, ExitCode, emit

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
    add_common(parser, "not used: nothing is random here", None)


def run(given: argparse.Namespace) -> int:
    """Check, and print what was found."""
    checks = list(_checks())
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
    yield _sensor()
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


def _sensor() -> Check:
    from jouleplan.energy.sources.zeus import find_zeus

    search = find_zeus()
    works = search.sensor is not None
    detail = search.sensor.name if search.sensor else "; ".join(search.reasons)
    return Check("energy sensor", works, needed=False, detail=detail)

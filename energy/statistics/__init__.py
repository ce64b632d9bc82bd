"""Statistics of episodes: intervals, paired tests, break-even, fronts, rankings.

Every function takes plain numbers and gives plain dataclasses; ``compare_frames`` and
``compare_ledger`` begin at a ledger. scipy and pandas are imported when first used.

| question | function |
|---|---|
| how sure is a success rate | ``success_rate``, ``wilson_interval`` |
| how sure is a mean | ``mean``, ``bootstrap_interval`` |
| joules for one success, failures included | ``energy_per_success`` |
| two methods on the same seeds | ``paired``, then ``holm`` over several |
| when has training paid off | ``break_even`` |
| which methods no other one beats | ``pareto_front`` |
| a ranking with its intervals | ``bradley_terry`` |
| what if a core takes 2, 4 or 8 W | ``by_watts`` |
| what if sensing, idle, simulation or RAM is left out | ``by_boundary`` |
| CO2 by country | ``carbon_kg`` |
| a ledger's episodes as frames | ``compare_frames`` |
| everything above at once | ``compare_ledger`` |

Energies of different quality or hardware never meet in one sum: functions of plain
numbers are told the quality and refuse a mixture; those of a ledger keep them apart.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jouleplan.energy.statistics.boundary import BOUNDARIES as BOUNDARIES
    from jouleplan.energy.statistics.boundary import by_boundary as by_boundary
    from jouleplan.energy.statistics.carbon import COUNTRIES as COUNTRIES
    from jouleplan.energy.statistics.carbon import carbon_kg as carbon_kg
    from jouleplan.energy.statistics.carbon import intensities as intensities
    from jouleplan.energy.statistics.comparison import Comparison as Comparison
    from jouleplan.energy.statistics.comparison import Training as Training
    from jouleplan.energy.statistics.comparison import compare as compare
    from jouleplan.energy.statistics.comparison import compare_ledger as compare_ledger
    from jouleplan.energy.statistics.estimate import Estimate as Estimate
    from jouleplan.energy.statistics.frames import CompareFrames as CompareFrames
    from jouleplan.energy.statistics.frames import compare_frames as compare_frames
    from jouleplan.energy.statistics.intervals import (
        bootstrap_interval as bootstrap_interval,
    )
    from jouleplan.energy.statistics.intervals import mean as mean
    from jouleplan.energy.statistics.intervals import per_success as per_success
    from jouleplan.energy.statistics.intervals import success_rate as success_rate
    from jouleplan.energy.statistics.intervals import wilson_interval as wilson_interval
    from jouleplan.energy.statistics.pairs import Paired as Paired
    from jouleplan.energy.statistics.pairs import holm as holm
    from jouleplan.energy.statistics.pairs import paired as paired
    from jouleplan.energy.statistics.pareto import Point as Point
    from jouleplan.energy.statistics.pareto import pareto_front as pareto_front
    from jouleplan.energy.statistics.payback import BreakEven as BreakEven
    from jouleplan.energy.statistics.payback import Costing as Costing
    from jouleplan.energy.statistics.payback import break_even as break_even
    from jouleplan.energy.statistics.ranking import Duel as Duel
    from jouleplan.energy.statistics.ranking import Strength as Strength
    from jouleplan.energy.statistics.ranking import bradley_terry as bradley_terry
    from jouleplan.energy.statistics.ratio import (
        energy_per_success as energy_per_success,
    )
    from jouleplan.energy.statistics.summary import EnergySummary as EnergySummary
    from jouleplan.energy.statistics.summary import Summary as Summary
    from jouleplan.energy.statistics.watts import WATTS as WATTS
    from jouleplan.energy.statistics.watts import by_watts as by_watts

_HOMES = {
    "BOUNDARIES": "boundary",
    "BreakEven": "payback",
    "COUNTRIES": "carbon",
    "CompareFrames": "frames",
    "Comparison": "comparison",
    "Costing": "payback",
    "Duel": "ranking",
    "EnergySummary": "summary",
    "Estimate": "estimate",
    "Paired": "pairs",
    "Point": "pareto",
    "Strength": "ranking",
    "Summary": "summary",
    "Training": "comparison",
    "WATTS": "watts",
    "bootstrap_interval": "intervals",
    "bradley_terry": "ranking",
    "break_even": "payback",
    "by_boundary": "boundary",
    "by_watts": "watts",
    "carbon_kg": "carbon",
    "compare": "comparison",
    "compare_frames": "frames",
    "compare_ledger": "comparison",
    "energy_per_success": "ratio",
    "holm": "pairs",
    "intensities": "carbon",
    "mean": "intervals",
    "paired": "pairs",
    "pareto_front": "pareto",
    "per_success": "intervals",
    "success_rate": "intervals",
    "wilson_interval": "intervals",
}
"""Public name -> its module."""


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(_HOMES)

"""Plan in symbols, act with learned skills, count every joule.

```python
import jouleplan as jp

jp.plan("hanoi", "p03")                     # a plan, its graph
jp.solve("hanoi", "p03", seed=7)            # an episode in physics, its film
jp.compare(("neurosymbolic", "scripted"), "hanoi", episodes=2)
```

What these return is shown by a notebook, and gives pandas frames (``to_frame``). All
else is imported from its own module, e.g. ``jouleplan.planner.planning``. The names are
loaded when they are first used, so that ``import jouleplan`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module

# typing itself would cost as much again as all the rest
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from jouleplan.energy.ledger import Ledger as Ledger
    from jouleplan.energy.meter import Meter as Meter
    from jouleplan.energy.reading import Reading as Reading
    from jouleplan.energy.report.document import Report as Report
    from jouleplan.energy.report.document import chart as chart
    from jouleplan.planner.api.compared import Compared as Compared
    from jouleplan.planner.api.compared import compare as compare
    from jouleplan.planner.api.loaded import LoadedDomain as LoadedDomain
    from jouleplan.planner.api.loaded import list_domains as list_domains
    from jouleplan.planner.api.loaded import load_domain as load_domain
    from jouleplan.planner.api.planned import Planned as Planned
    from jouleplan.planner.api.planned import plan as plan
    from jouleplan.planner.api.reported import report as report
    from jouleplan.planner.api.solved import Solved as Solved
    from jouleplan.planner.api.solved import solve as solve
    from jouleplan.planner.executive import Executive as Executive

_HOMES = {
    "Compared": "planner.api.compared",
    "Executive": "planner.executive",
    "Ledger": "energy.ledger",
    "LoadedDomain": "planner.api.loaded",
    "Meter": "energy.meter",
    "Planned": "planner.api.planned",
    "Reading": "energy.reading",
    "Report": "energy.report.document",
    "Solved": "planner.api.solved",
    "chart": "energy.report.document",
    "compare": "planner.api.compared",
    "list_domains": "planner.api.loaded",
    "load_domain": "planner.api.loaded",
    "plan": "planner.api.planned",
    "report": "planner.api.reported",
    "solve": "planner.api.solved",
}
"""Public name -> its module."""


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(_HOMES)

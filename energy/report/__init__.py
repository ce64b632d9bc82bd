"""The comparison report of a ledger: HTML, Markdown, JSON, CSV, and notebooks.

```python
from jouleplan.energy.report import Report, chart

Report.of("ledger.sqlite")                       # shown in a notebook
chart("per-success", "ledger.sqlite", "hanoi")   # one chart
```
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jouleplan.energy.report.charts.chart import Chart as Chart
    from jouleplan.energy.report.document import FORMATS as FORMATS
    from jouleplan.energy.report.document import Report as Report
    from jouleplan.energy.report.document import chart as chart
    from jouleplan.energy.report.figures import FIGURES as FIGURES

_HOMES = {
    "Chart": "charts.chart",
    "FIGURES": "figures",
    "FORMATS": "document",
    "Report": "document",
    "chart": "document",
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

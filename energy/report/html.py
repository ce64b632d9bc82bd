"""The report as one HTML file: no request, no script, names escaped."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jouleplan.energy.report.hardware import QUALITIES, boundary
from jouleplan.energy.report.published import CAVEATS
from jouleplan.energy.report.sections import View, view
from jouleplan.energy.report.text import shown

if TYPE_CHECKING:
    from jouleplan.energy.report.document import Report

_TEMPLATES = files("jouleplan.energy.report") / "templates"


def html(report: Report) -> str:
    """Return a whole page."""
    return _rendered(report, "page.html")


def inside(report: Report) -> str:
    """Return what a notebook shows: the page without its frame."""
    return _rendered(report, "inside.html")


def _rendered(report: Report, name: str) -> str:
    import jinja2
    from markupsafe import Markup

    from jouleplan.energy.report.charts.svg import STYLE

    def whole(value: Any) -> Any:
        # Autoescape comes after this; what HTML cannot hold goes before it.
        name = isinstance(value, str) and not isinstance(value, Markup)
        return shown(value) if name else value

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_source),
        autoescape=True,
        finalize=whole,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found: View = view(report)
    inner, outer = boundary()
    return environment.get_template(name).render(
        report=report,
        view=found,
        inner=inner,
        outer=outer,
        qualities=QUALITIES,
        caveats=CAVEATS,
        style=Markup(_source("style.css") + STYLE),
        drawn=lambda chart: Markup(chart.figure()),
    )


def _source(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")

"""Charts of what joules depend on: power of a core, boundary, country."""

from __future__ import annotations

from jouleplan.energy.report.blocks import Block
from jouleplan.energy.report.boundary import variants
from jouleplan.energy.report.captions import caption, ends
from jouleplan.energy.report.charts.chart import Chart
from jouleplan.energy.report.charts.curves import Axis, Point, Series, curves
from jouleplan.energy.report.charts.dots import Dots, dots
from jouleplan.energy.report.text import figure, span


def by_watts(block: Block) -> Chart | None:
    """Draw estimated joules an episode over the assumed power of a core."""
    from jouleplan.energy.statistics.watts import WATTS

    if block.basis.quality != "estimated":
        return None
    series = [
        Series(
            line.label,
            tuple(Point(w, w * cpu, None, None, *ends(line.cpu_s, w)) for w in WATTS),
            line.series,
            joined=True,
        )
        for line in block.lines
        if (cpu := line.cpu_s.value) is not None
    ]
    if not series:
        return None
    return Chart(
        "by-watts",
        "Sensitivity to the assumed power of a core",
        caption(
            block,
            block.lines,
            "CPU-seconds times 2, 4 and 8 W; the CPU alone. Ratios of methods do not "
            "depend on it. Bands: 95 % intervals.",
        ),
        curves(
            series,
            Axis("W per busy core", ticks=WATTS, high=8.5),
            Axis("joules an episode"),
            f"{block.domain}: joules an episode at 2, 4 and 8 W per core.",
        ),
        ("method", *(f"{w:g} W per core" for w in WATTS)),
        tuple(
            (
                one.label,
                *(
                    f"{figure(p.y)} ({span(p.y_low, p.y_high) or 'no interval'})"
                    for p in one.points
                ),
            )
            for one in series
        ),
    )


def by_boundary(block: Block) -> Chart | None:
    """Draw joules an episode with and without sensing, simulation, idle and RAM."""
    found = variants(block)
    reasons = " ".join(one.reason for one in found if one.reason)
    if len(found) < 2:
        return None
    names = [(line.label, line.series) for line in block.lines]
    items = [
        Dots(v.label, tuple(v.values.get(name) for name, _ in names)) for v in found
    ]
    return Chart(
        "by-boundary",
        "Sensitivity to the boundary",
        caption(
            block,
            block.lines,
            f"Means. {reasons}".rstrip(),
        ),
        dots(
            items,
            names,
            "joules an episode",
            f"{block.domain}: joules an episode by what is counted.",
        ),
        ("boundary", *(name for name, _ in names)),
        tuple((one.label, *map(figure, one.values)) for one in items),
    )


def by_country(block: Block) -> Chart | None:
    """Draw CO2 of a success by country; of an episode where none succeeded."""
    from jouleplan.energy.statistics.carbon import carbon_kg, intensities

    known = [line for line in block.lines if line.per_success.value is not None]
    if not known:
        return None
    names = [(line.label, line.series) for line in known]
    each = [
        {c: kg * 1e6 for c, kg in carbon_kg(line.per_success.value or 0.0).items()}
        for line in known
    ]
    grid = intensities()
    countries = sorted(each[0], key=lambda code: grid[code])
    items = [
        Dots(f"{code}, {grid[code]:.0f} g/kWh", tuple(one[code] for one in each))
        for code in countries
    ]
    return Chart(
        "by-country",
        "CO2 of a success by country",
        caption(
            block,
            known,
            "CO2-equivalent of the joules a success on each country's grid, 2023, by "
            "CodeCarbon's table; without training and making the machine.",
        ),
        dots(
            items,
            names,
            "milligrams of CO2-equivalent a success",
            f"{block.domain}: CO2 of a success by country.",
        ),
        ("country", *(f"{name} [mg]" for name, _ in names)),
        tuple((one.label, *map(figure, one.values)) for one in items),
    )

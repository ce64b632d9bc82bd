"""Planned: what planning came to, to read, to draw, and as a frame."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jouleplan.domains.language.plan import Step
from jouleplan.energy.html_table import Cell, html_table
from jouleplan.planner.api.inline import SVG, folded, image, paragraph
from jouleplan.planner.api.loaded import LoadedDomain, loaded
from jouleplan.planner.costs import Costs, read_costs
from jouleplan.planner.options import AUTO, Options
from jouleplan.planner.planned import Planning
from jouleplan.planner.planning import plan_files

if TYPE_CHECKING:
    import networkx as nx
    import pandas

MOST_DRAWN = 80
"""Steps of the longest plan that a notebook draws by itself; ``svg`` draws any."""


@dataclass(frozen=True, slots=True, repr=False)
class Planned:
    """How planning ended. A notebook shows the plan and its graph.

    Attributes:
        domain: Name of the domain.
        problem: Name of the problem.
        result: Everything that planning came to.
    """

    domain: str
    problem: str
    result: Planning

    @property
    def solved(self) -> bool:
        """Whether there is a plan."""
        return bool(self.result.plans)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The best plan, validated; empty where there is none."""
        return self.result.plans[0].plan if self.solved else ()

    @property
    def cost(self) -> float | None:
        """Cost of the best plan; None where there is none, or its metric has none."""
        if not self.solved or self.result.plans[0].verdict.cost is None:
            return None
        return float(self.result.plans[0].verdict.cost)

    def graph(self) -> nx.MultiDiGraph:
        """Return the plan's graph: causal links and what orders its steps.

        Raises:
            ValueError: There is no plan.
        """
        from jouleplan.planner.graph import plan_graph

        return plan_graph(self.result.task, self._plan())

    def svg(self) -> str:
        """Return the picture of the graph, with the state space of a small task.

        Raises:
            ValueError: There is no plan.
        """
        from jouleplan.planner.graph.picture import picture
        from jouleplan.planner.graph.state_space import explore

        states = explore(self.result.task, self._plan())
        if isinstance(states, str):
            return picture(self.graph(), None, f"No state space: {states}.")
        return picture(self.graph(), states)

    def to_frame(self) -> pandas.DataFrame:
        """Return a row a step: operator, objects, and times where there are any."""
        import pandas

        steps = self.steps
        columns: dict[str, list[object]] = {
            "operator": [step.operator for step in steps],
            "objects": [", ".join(step.objects) for step in steps],
        }
        if any(step.start is not None for step in steps):
            columns["start_s"] = [_seconds(step.start) for step in steps]
            columns["duration_s"] = [_seconds(step.duration) for step in steps]
        index = pandas.RangeIndex(1, len(steps) + 1, name="step")
        return pandas.DataFrame(columns, index=index)

    def _plan(self) -> tuple[Step, ...]:
        if not self.solved:
            raise ValueError(f"{self!r} has no plan to draw: {self.result.detail}")
        return self.steps

    def __repr__(self) -> str:
        """Return the status and the length."""
        steps = f", {len(self.steps)} steps" if self.solved else ""
        return (
            f"Planned({self.domain!r}, {self.problem!r}, {self.result.status}{steps})"
        )

    def __str__(self) -> str:
        """Return the plan, one step a line; where there is none, why."""
        if not self.solved:
            return f"{self.result.status}: {self.result.detail}"
        return "\n".join(map(str, self.steps))

    def _repr_html_(self) -> str:
        result = self.result
        head = f"{self.domain} {self.problem}: {result.status} by {result.engine}"
        if self.solved:
            head += f", {len(self.steps)} steps, validated"
            head += "" if self.cost is None else f", cost {self.cost:g}"
            head += ", proven best" if result.proven else ""
        said = [paragraph(head, bold=True)]
        said += [paragraph(f"note: {note}") for note in result.notes]
        if not self.solved:
            return "".join([*said, paragraph(result.detail)])
        steps: list[tuple[Cell, ...]] = [
            (number, str(step)) for number, step in enumerate(self.steps, start=1)
        ]
        if 0 < len(self.steps) <= MOST_DRAWN:
            alt = f"graph of the plan of {self.domain} {self.problem}"
            said.append(image(self.svg().encode(), SVG, alt))
            return "".join(
                [*said, folded("The steps", html_table(("", "step"), steps))]
            )
        return "".join([*said, html_table(("", "step"), steps)])


def plan(
    domain: LoadedDomain | str | Path,
    problem: str | Path = "",
    *,
    engine: str = AUTO,
    optimal: bool = False,
    top_k: int = 0,
    costs: Costs | str | Path | None = None,
    time_limit_s: float = 30.0,
    seed: int | None = None,
) -> Planned:
    """Return a plan, validated, or why there is none; nothing is carried out.

    Args:
        domain: A shipped name, a path, or what ``load_domain`` returned.
        problem: Name or path; "" takes the domain's first.
        engine: A name that `jouleplan engines` lists, or ``auto``.
        optimal: Only a plan that is proven best will do.
        top_k: How many of the best plans to find; 0 for one plan.
        costs: What operators cost, or the TOML file that says so.
        time_limit_s: Wall seconds [s].
        seed: Of engines that make random choices.

    Raises:
        DomainError: Domain or problem is unknown or cannot be read.
        PlannerError: The options do not fit, or the engine is missing.
    """
    domain = loaded(domain)
    file = domain.problem(str(problem))
    read = read_costs(Path(costs)) if isinstance(costs, str | Path) else costs
    options = Options(
        engine, time_limit_s, seed=seed, optimal=optimal, top_k=top_k, costs=read
    )
    result = plan_files(domain.files.domain_pddl, file, options)
    return Planned(domain.model.name, file.stem, result)


def _seconds(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]

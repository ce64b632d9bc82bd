"""Solved: a problem planned and carried out in physics, with its film."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jouleplan.energy.html_table import html_table
from jouleplan.energy.meter import Meter
from jouleplan.energy.reading import readings_html
from jouleplan.planner.api.inline import GIF, folded, image, paragraph
from jouleplan.planner.api.loaded import LoadedDomain, loaded
from jouleplan.planner.cli.progress import Advance, progress
from jouleplan.planner.costs import Costs
from jouleplan.planner.disturber import Disturber
from jouleplan.planner.episode import Episode
from jouleplan.planner.errors import ConditionError
from jouleplan.planner.film import Film
from jouleplan.planner.options import AUTO
from jouleplan.planner.run import Conditions, Run, run_episode
from jouleplan.skills.library import STAGED, load_policies

if TYPE_CHECKING:
    import pandas

EVERY: Final = 10
"""Control steps from picture to picture: notebooks keep their films."""


@dataclass(frozen=True, slots=True, repr=False)
class Solved:
    """An episode. A notebook shows its film, what was carried out, and the joules.

    Attributes:
        run: The episode and what was seen besides.
        film: GIF file; empty where none was taken.
    """

    run: Run
    film: bytes = b""

    @property
    def episode(self) -> Episode:
        """Everything that was planned, carried out and metered."""
        return self.run.episode

    @property
    def goal_reached(self) -> bool:
        """Whether physics showed the goal."""
        return self.episode.goal_reached

    def to_frame(self) -> pandas.DataFrame:
        """Return a row for all that was carried out, in order.

        Columns: operator, kind, outcome, reason, detail, attempt, simulated_s, and
        where known cpu_s, energy_j and mechanical_work_j.
        """
        import pandas

        rows = [
            {
                "operator": e.name,
                "kind": e.kind,
                "outcome": e.outcome,
                "reason": e.reason,
                "detail": e.detail,
                "attempt": e.attempt,
                "simulated_s": e.seconds,
                "cpu_s": None if e.used is None else e.used.cpu_s,
                "energy_j": None if e.used is None else e.used.energy_j,
                "mechanical_work_j": (
                    None if e.used is None else e.used.mechanical_work_j
                ),
            }
            for e in self.episode.executed
        ]
        return pandas.DataFrame(rows, index=pandas.RangeIndex(1, len(rows) + 1))

    def energy_frame(self) -> pandas.DataFrame:
        """Return a row a phase: joules, CPU and wall seconds, source and quality."""
        import pandas

        rows = {name: r.as_dict() for name, r in self.episode.energy.items()}
        frame = pandas.DataFrame.from_dict(rows, orient="index")
        frame.index.name = "phase"
        return frame

    def __repr__(self) -> str:
        """Return the task and how it ended."""
        episode = self.episode
        end = "goal reached" if self.goal_reached else "goal NOT reached"
        task = f"{episode.domain!r}, {episode.problem!r}"
        return f"Solved({task}, seed {episode.seed}, {end})"

    def _repr_html_(self) -> str:
        episode = self.episode
        right, tried = episode.first_time_right
        end = "goal reached" if self.goal_reached else f"NOT reached: {episode.cause}"
        said = [
            paragraph(
                f"{episode.domain} {episode.problem}, seed {episode.seed}: {end}",
                bold=True,
            ),
            paragraph(
                f"{len(episode.plan)} operators planned by {episode.engine}; right the "
                f"first time: {right} of {tried}; replans: {episode.replans}; "
                f"{episode.simulated_s:.1f} s simulated in {episode.wall_s:.1f} s; "
                f"mechanical work {episode.mechanical_work_j:.1f} J"
            ),
        ]
        said += [paragraph(f"outside hand: {what}") for what in episode.disturbances]
        said += [paragraph(f"rule broken: {atom}") for atom in self.run.rules_broken]
        if self.film:
            said.append(image(self.film, GIF, f"film of {self!r}"))
        head = ("", "carried out", "kind", "outcome", "why", "simulated s")
        rows = [
            (i, e.name, e.kind, e.outcome, e.reason, e.seconds)
            for i, e in enumerate(episode.executed, start=1)
        ]
        said.append(folded("What was carried out", html_table(head, rows)))
        readings = dict(episode.energy)
        if episode.total is not None:
            readings["total"] = episode.total
        said.append(folded("Energy by phase", readings_html(readings)))
        return "".join(said)


def solve(
    domain: LoadedDomain | str | Path,
    problem: str | Path = "",
    *,
    seed: int = 0,
    engine: str = AUTO,
    costs: Costs | None = None,
    skills: str = STAGED,
    policies: Path | str | None = None,
    robot: str = "panda",
    disturb: float = 0.0,
    hand: Disturber | None = None,
    film: bool = True,
    meter: Meter | None = None,
    quiet: bool = False,
) -> Solved:
    """Plan and carry out a problem in physics; return the episode.

    Args:
        domain: A shipped name, a path, or what ``load_domain`` returned.
        problem: Name or path; "" takes the domain's first.
        seed: Of the scene, and of the outside hand.
        engine: A name that `jouleplan engines` lists, or ``auto``.
        costs: What operators cost.
        skills: What picks and places: ``rl``, ``gcrl-flat`` or ``gcrl-hierarchical``.
        policies: Folder of policies to use instead of the shipped ones.
        robot: ``panda``, ``kuka`` or ``xarm``.
        disturb: Probability, an operator, that an outside hand acts.
        hand: An outside hand of your own, instead of ``disturb``.
        film: Whether to take a film.
        meter: Everything is charged to its phases; None takes a meter of its own.
        quiet: Show no bar of progress.

    Raises:
        DomainError: Domain, problem or robot is unknown, or does not fit.
        ConditionError: ``disturb`` is no probability.
        PlannerError: The engine is unknown or missing, or the domain has no
            domain.toml.
        SkillError: A policy or option is unknown, missing or damaged.
    """
    if not 0 <= disturb <= 1:
        raise ConditionError(f"disturb {disturb}: give a probability from 0 to 1")
    conditions = Conditions(
        engine=engine,
        costs=costs,
        policies=None if policies is None else Path(policies),
        disturb=disturb,
        robot=robot,
        skills=skills,
    )
    meter = meter or Meter()
    mark = meter.mark()
    with meter.phase("loading"):
        task = loaded(domain).task(str(problem))
        trained = load_policies(conditions.policies, robot)
    with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
        taken = Film(Path(folder, "film.gif"), EVERY) if film else None
        with progress(f"{task.name} {task.problem_name}", 1, quiet=quiet) as advance:
            run = run_episode(
                task,
                trained,
                seed,
                conditions,
                meter=meter,
                since=mark,
                film=taken,
                hand=hand,
                told=_teller(advance),
            )
            advance(run.episode.progress or 0.0, "done")
        return Solved(run, b"" if taken is None else taken.path.read_bytes())


def _teller(advance: Advance) -> Callable[[Episode], None]:
    """Return what moves the bar: the share of the plan that is done."""

    def tell(episode: Episode) -> None:
        last = episode.executed[-1].name if episode.executed else "planned"
        advance(episode.progress or 0.0, last)

    return tell

"""Plans with times: what happens at each moment, and what must hold in between.

Source: Fox and Long 2003, PDDL2.1, JAIR 20, definitions 12 to 20. No separation between
acts at the same moment is demanded beyond that they do not interfere. Timed literals
behind the last step happen as well, before the goal is looked at (Edelkamp and Hoffmann
2004, PDDL2.2, sec. 3); the makespan is the end of the last step.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations

from jouleplan.domains.language.plan import Plan
from jouleplan.planner.validator.acts import (
    SAME_TIME,
    Act,
    Run,
    acts_of,
    happenings,
    timed_acts,
)
from jouleplan.planner.validator.constraints import Constraints
from jouleplan.planner.validator.drift import (
    Rates,
    breach,
    rates_of,
    shift,
)
from jouleplan.planner.validator.duration import Check
from jouleplan.planner.validator.effects import Changes, apply, changes_of
from jouleplan.planner.validator.errors import InvalidPlanError, UndefinedNumberError
from jouleplan.planner.validator.goal import Verdict, settle
from jouleplan.planner.validator.interference import interference
from jouleplan.planner.validator.preferences import Tally
from jouleplan.planner.validator.reasons import why
from jouleplan.planner.validator.text import number_text
from jouleplan.planner.validator.world import World


def validate_schedule(world: World, plan: Plan) -> Verdict:
    """Return the verdict on ``plan`` for a task whose operators take time.

    Raises:
        InvalidPlanError: The plan is not valid.
        NotValidatedError: An operator has a part without semantics.
    """
    acts = acts_of(world, plan)
    timed = sorted(timed_acts(world.task), key=lambda act: act.time)
    for act in timed:
        if act.time <= 0:
            apply(world, [_changes(world, act)])
    end = max((act.time for act in acts), default=Fraction(0))
    acts += [act for act in timed if act.time > 0]
    replay = Replay(world)
    for group in happenings(acts):
        replay.wait(group[0].time)
        replay.happen(group[0].time, group)
    replay.count_wishes(acts)
    return settle(world, replay.tally, replay.constraints, len(plan), end)


class Replay:
    """A plan with times as it is carried out.

    Attributes:
        tally: Violations of preferences so far.
        constraints: Told of every state.
    """

    __slots__ = ("_now", "_rates", "_runs", "_world", "constraints", "tally")

    def __init__(self, world: World) -> None:
        """Begin at time 0 in ``world``."""
        self._world = world
        self._now = Fraction(0)
        self._runs: list[Run] = []
        self._rates: Rates = {}
        self.tally = Tally(world.task)
        self.constraints = Constraints(world)
        self.constraints.see(world, self._now)

    def wait(self, time: Fraction) -> None:
        """Let time pass until ``time``."""
        if self._rates and time > self._now:
            span = time - self._now
            for run in self._runs:
                self._check_run(run, span)
            shift(self._world, self._rates, span)
            self.constraints.see(self._world, time)
        self._now = time

    def happen(self, time: Fraction, acts: list[Act]) -> None:
        """Carry ``acts`` out, all in the state before."""
        world = self._world
        together = [(act, self._prepared(act)) for act in acts]
        for first, second in combinations(together, 2):
            touched = interference(world, first, second)
            if touched:
                raise InvalidPlanError(
                    f"{first[0].name}: it interferes at {number_text(time)} with "
                    f"{second[0].name}: both touch {touched}"
                )
        names = " and ".join(act.name for act in acts)
        try:
            apply(world, [changes for _, changes in together])
        except (InvalidPlanError, UndefinedNumberError) as fault:
            raise InvalidPlanError(f"{names}: {fault}") from fault
        self._runs += [act.starts for act in acts if act.starts]
        ended = [act.ends for act in acts if act.ends]
        self._runs = [run for run in self._runs if not any(run is one for one in ended)]
        self._rates = rates_of(world, self._runs)
        for run in self._runs:
            # A run that has just started is bound by what follows this moment; that is
            # this very state, unless numbers change with time.
            if not self._rates or run.start < time - SAME_TIME:
                self._check_run(run, None)
        self.constraints.see(world, time)

    def count_wishes(self, acts: Iterable[Act]) -> None:
        """Count the broken preferences of ``acts``."""
        checks = [check for act in acts for check in act.checks]
        checks += [check for act in acts if act.starts for check in act.starts.checks]
        wishes = {id(check.wish): check.wish for check in checks if check.wish}
        for wish in wishes.values():
            if wish.broken:
                self.tally.add(wish.name)

    def _prepared(self, act: Act) -> Changes:
        world = self._world
        world.given = act.given
        for check in act.checks:
            if not world.holds(check.condition, check.binding):
                moment = f"at its {check.when}, " if act.given else ""
                self._broken(act.name, check, moment)
        run = act.starts or act.ends
        for timed in run.effects if run else ():
            for guard in timed.guards:
                if guard.when == act.moment:
                    kept = world.holds(guard.condition, guard.binding)
                    timed.off = timed.off or not kept
        changes = _changes(world, act)
        world.given = {}
        return changes

    def _check_run(self, run: Run, span: Fraction | None) -> None:
        """Check what holds over all of ``run``: now, or until ``span`` has passed."""
        world = self._world
        world.given = run.given
        for check in run.checks:
            wait = self._breach(check, span)
            if wait is not None:
                shift(world, self._rates, wait)
                time = number_text(self._now + wait)
                self._broken(run.name, check, f"over all of it, at {time}, ")
                shift(world, self._rates, -wait)
        for timed in run.effects:
            for guard in timed.guards:
                if guard.when == "all" and self._breach(guard, span) is not None:
                    timed.off = True
        world.given = {}

    def _breach(self, check: Check, span: Fraction | None) -> Fraction | None:
        """Return after which wait ``check`` does not hold; None if it does."""
        world, condition, binding = self._world, check.condition, check.binding
        if span is None:
            return None if world.holds(condition, binding) else Fraction(0)
        return breach(world, self._rates, span, condition, binding)

    def _broken(self, name: str, check: Check, moment: str) -> None:
        if check.wish:
            check.wish.broken = True
            return
        reason = why(self._world, check.condition, check.binding)
        raise InvalidPlanError(f"{name}: {moment}{reason}")


def _changes(world: World, act: Act) -> Changes:
    found = []
    try:
        for timed in act.effects:
            if not timed.off:
                found.append(changes_of(world, timed.effect, timed.binding))
    except UndefinedNumberError as fault:
        raise InvalidPlanError(f"{act.name}: {fault}") from fault
    return Changes(
        frozenset().union(*(changes.adds for changes in found)),
        frozenset().union(*(changes.deletes for changes in found)),
        tuple(update for changes in found for update in changes.updates),
    )

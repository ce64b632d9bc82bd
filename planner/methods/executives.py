"""Executives: methods that plan, and act by skills under the executive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jouleplan.energy.records import TrainingShare
from jouleplan.planner.executive import Executive
from jouleplan.planner.method_record import METHOD, method_of
from jouleplan.planner.methods.errors import MethodError
from jouleplan.planner.methods.method import Attempt, HorizonError, Method, Trial
from jouleplan.planner.options import ENGINE_CHOICES, Options
from jouleplan.planner.provenance import fingerprint
from jouleplan.skills.analytic import analytic_policies
from jouleplan.skills.flops import FlopCount, Network
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.skill_set import option_network, option_skills
from jouleplan.skills.library import OPTIONS, PolicySet, load_policies, option_file
from jouleplan.skills.policy import Policy
from jouleplan.skills.registry import SKILLS
from jouleplan.skills.skill import Skill

_ALLOWED = ("engine", "policies", "time_limit")


@dataclass(frozen=True, slots=True)
class ExecutiveMethod:
    """The executive with a set of policies; see ``Method`` for the attributes.

    Attributes:
        policies: One a stage.
        planning: What is asked of plan and replans.
        skills: What carries out each skill.
        option: The network of the option among them, if any.
    """

    name: str
    label: str
    description: str
    training: tuple[TrainingShare, ...]
    policies: PolicySet
    planning: Options
    skills: Mapping[str, Skill] = field(default_factory=lambda: SKILLS)
    option: OptionNetwork | None = None

    @property
    def pixels(self) -> bool:
        """It looks at poses, not at pictures."""
        return False

    @property
    def settings(self) -> Mapping[str, object]:
        """Engine, its limit, and the contents of the policies' files."""
        files = sorted({policy.path for policy in self.policies.policies.values()})
        own = {} if self.option is None else {"option": fingerprint([self.option.path])}
        return {
            **own,
            "engine": self.planning.engine,
            "policies": fingerprint(files),
            "time_limit_s": self.planning.time_limit_s,
        }

    def warm_up(self, trial: Trial) -> None:
        """Begin the trial as any other."""
        self.run(trial)

    def run(self, trial: Trial) -> Attempt:
        """Plan and act; see ``Executive``."""
        watchers = (trial.stop_at_horizon, *trial.watchers)
        executive = Executive(
            trial.task,
            trial.scene,
            self.policies,
            trial.meter,
            seed=trial.seed,
            planning=self.planning,
            skills=self.skills,
            watchers=watchers,
            observer=trial.judge.see,
        )
        cause, count = "", FlopCount(self._networks)
        try:
            with trial.meter.phase("executive"):
                cause = executive.run().cause
        except HorizonError:
            pass  # the trial says so
        episode = executive.episode
        return Attempt(cause, tuple(episode.executed), episode.replans, count.flops)

    @property
    def _networks(self) -> list[Network]:
        staged: list[Network] = [
            policy
            for policy in self.policies.policies.values()
            if isinstance(policy, Policy)
        ]
        return staged if self.option is None else [*staged, self.option]


def neurosymbolic(name: str, parameters: Mapping[str, str]) -> Method:
    """Return the planner with learned skills.

    Args:
        name: As it is recorded.
        parameters: ``policies``: a folder; ``engine``; ``time_limit`` [s].
    """
    planning = _planning(name, parameters, _ALLOWED)
    folder = Path(parameters["policies"]) if "policies" in parameters else None
    record = method_of(folder)
    return ExecutiveMethod(
        name,
        record.label if name == METHOD else f"{record.label} ({name})",
        record.description,
        record.training,
        load_policies(folder),
        planning,
    )


def by_option(name: str, parameters: Mapping[str, str]) -> Method:
    """Return the planner with a goal-conditioned option for pick and place.

    Args:
        name: One of ``OPTIONS``, its parameters behind it.
        parameters: As of ``neurosymbolic``.

    Raises:
        MethodError: A parameter does not fit.
        PolicyFileError: The option is missing or damaged.
    """
    planning = _planning(name, parameters, _ALLOWED)
    skills = name.partition("?")[0]
    folder = Path(parameters["policies"]) if "policies" in parameters else None
    network = option_network(option_file(skills, folder))
    return ExecutiveMethod(
        name,
        f"planner with one {skills.removeprefix('gcrl-')} option ({name})",
        "The same planner and executive; picking and placing are one goal-conditioned "
        f"option, {OPTIONS[skills].upper()}, learned offline from play. The way home "
        "and the rising after a failure are the stages', whose training made the play.",
        method_of(folder, skills).training,
        load_policies(folder),
        planning,
        option_skills(network),
        network,
    )


def scripted(name: str, parameters: Mapping[str, str]) -> Method:
    """Return the planner with hand-written controllers, the analytic reference.

    Args:
        name: As it is recorded.
        parameters: ``engine``; ``time_limit`` [s].
    """
    return ExecutiveMethod(
        name,
        "analytic reference (upper bound)",
        "The same planner and executive with hand-written controllers of the four "
        "stages instead of trained policies: nothing was learned, and no training is "
        "counted. An upper bound of the learned skills, never a fallback.",
        (),
        analytic_policies(),
        _planning(name, parameters, ("engine", "time_limit")),
    )


def _planning(
    name: str, parameters: Mapping[str, str], allowed: tuple[str, ...]
) -> Options:
    unknown = [key for key in parameters if key not in allowed]
    if unknown:
        raise MethodError(
            f"method {name!r} has no parameter {unknown[0]!r}; it takes "
            f"{', '.join(allowed)}"
        )
    engine = parameters.get("engine", "auto")
    if engine not in ENGINE_CHOICES:
        raise MethodError(
            f"method {name!r}: unknown engine {engine!r}; there are "
            f"{', '.join(ENGINE_CHOICES)}"
        )
    limit = parameters.get("time_limit", "30")
    try:
        seconds = float(limit)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise MethodError(
            f"method {name!r}: time_limit={limit}: give seconds above 0, such as 30"
        )
    return Options(engine, seconds)

"""Vla: a policy from pixels and words, trained here, end to end or under the planner.

Source: Duggan et al., The Price Is Not Right, arXiv:2602.19260, sec. 4 (both modes:
the whole task as the prompt, or the planner's operator).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jouleplan.domains.words import Words
from jouleplan.energy.records import TrainingShare
from jouleplan.planner.method_record import vla_shares
from jouleplan.planner.methods.errors import MethodError
from jouleplan.planner.methods.guide import RULES, Guide
from jouleplan.planner.methods.hand import Hand
from jouleplan.planner.methods.method import Attempt, Method, Trial
from jouleplan.planner.options import Options
from jouleplan.planner.provenance import fingerprint
from jouleplan.skills.errors import PolicyOutputError
from jouleplan.skills.vla import library
from jouleplan.skills.vla.policy import VlaPolicy, words_file

END_TO_END: Final = f"{library.NAME}-{library.END_TO_END}"
GUIDED: Final = f"{library.NAME}-{library.GUIDED}"
REPLAN: Final = 2
"""Frames of each chunk that are carried out: a short replanning."""
_PARAMETERS: Final = ("policy", "replan")


@dataclass(slots=True)
class VlaMethod:
    """A policy from pixels as a method; see ``Method`` for the other attributes.

    Attributes:
        path: The policy's file.
        guided: Whether the planner's operators are its prompts, one after another.
        replan: Frames of each chunk that are carried out.
    """

    name: str
    path: Path
    guided: bool
    replan: int
    pixels: bool = True
    _policy: VlaPolicy | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """For people."""
        how = "planner-guided" if self.guided else "end to end"
        return f"vision-language-action policy, {how}"

    @property
    def description(self) -> str:
        """What it is."""
        told = (
            "the operator that the symbolic planner chose, until its effects show "
            "(between operators the hand goes back by a fixed motion)"
            if self.guided
            else "the whole task"
        )
        return (
            "One policy from two pictures and words, trained here by imitation of the "
            f"planner with learned skills; its prompt is {told}."
        )

    @property
    def training(self) -> tuple[TrainingShare, ...]:
        """The training and the collecting, from the card."""
        return vla_shares(self.path)

    @property
    def settings(self) -> Mapping[str, object]:
        """Frames of a chunk, the contents of the policy's files, the guide's rules."""
        files = [self.path, words_file(self.path)]
        own = {"guide": RULES} if self.guided else {}
        return {"policy": fingerprint(files), "replan": self.replan, **own}

    def warm_up(self, trial: Trial) -> None:
        """Load the policy, and have chunks made."""
        self.run(trial)

    def run(self, trial: Trial) -> Attempt:
        """Act until the trial is over, or no plan is found."""
        if self._policy is None:
            with trial.meter.phase("policy"):
                self._policy = VlaPolicy(self.path)
        hand = Hand(self._policy, trial, self.replan)
        try:
            if self.guided:
                return _guided(trial, hand)
            task = Words(trial.task.binding, trial.task.problem, trial.scene.axes).task
            while not trial.over:
                hand.act(task)
        except PolicyOutputError as error:
            return Attempt(f"{type(error).__name__}: {error}", flops=hand.flops)
        return Attempt(flops=hand.flops)


def _guided(trial: Trial, hand: Hand) -> Attempt:
    guide = Guide(trial, Options(), hand.act, hand.rest)
    with trial.meter.phase("executive"):
        cause = guide.run()
    return Attempt(cause, tuple(guide.executed), guide.replans, hand.flops)


def vla(name: str, parameters: Mapping[str, str]) -> Method:
    """Return the policy from pixels as a method.

    Args:
        name: ``END_TO_END`` or ``GUIDED``, its parameters behind it.
        parameters: ``policy``: a folder, of `jouleplan train vla`; ``replan``: frames
            of each chunk that are carried out.

    Raises:
        MethodError: A parameter is unknown or does not fit.
        PolicyFileError: There is no policy.
    """
    for key in parameters:
        if key not in _PARAMETERS:
            raise MethodError(
                f"method {name!r} has no parameter {key!r}; it takes "
                f"{', '.join(_PARAMETERS)}"
            )
    text = parameters.get("replan", str(REPLAN))
    if not text.isdecimal() or int(text) < 1:
        raise MethodError(f"method {name!r}: replan={text}: give a whole number from 1")
    folder = Path(parameters["policy"]) if "policy" in parameters else None
    guided = name.partition("?")[0] == GUIDED
    mode = library.GUIDED if guided else library.END_TO_END
    return VlaMethod(name, library.vla_file(folder, mode), guided, int(text))

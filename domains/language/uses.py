"""What a file uses beyond STRIPS, and what is odd in it, gathered while it is read."""

from __future__ import annotations

from collections.abc import Iterable

from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.sexpr import Group

_DECLARED_BY: dict[Feature, tuple[str, ...]] = {
    Feature.NEGATIVE: (":negative-preconditions",),
    Feature.EQUALITY: (":equality",),
    Feature.DISJUNCTION: (":disjunctive-preconditions",),
    Feature.EXISTS: (":existential-preconditions", ":quantified-preconditions"),
    Feature.FORALL: (":universal-preconditions", ":quantified-preconditions"),
    Feature.CONDITIONAL_EFFECT: (":conditional-effects",),
    Feature.UNIVERSAL_EFFECT: (":conditional-effects",),
    Feature.DERIVED: (":derived-predicates",),
    Feature.DURATIVE: (":durative-actions",),
    Feature.CONTINUOUS: (":continuous-effects",),
    Feature.TIMED: (":timed-initial-literals",),
    Feature.CONSTRAINTS: (":constraints",),
    Feature.PREFERENCES: (":preferences",),
}
_ADL = (
    Feature.NEGATIVE,
    Feature.EQUALITY,
    Feature.DISJUNCTION,
    Feature.EXISTS,
    Feature.FORALL,
    Feature.CONDITIONAL_EFFECT,
    Feature.UNIVERSAL_EFFECT,
)


class Uses:
    """Gathers features with the line of their first use, and notes."""

    def __init__(self) -> None:
        """Start empty."""
        self.lines: dict[Feature, int] = {}
        self._notes: dict[str, None] = {}

    def use(self, feature: Feature, group: Group) -> None:
        """Record that ``group`` uses ``feature``."""
        self.lines.setdefault(feature, group.line)

    def note(self, text: str) -> None:
        """Record something odd."""
        self._notes.setdefault(text)

    @property
    def notes(self) -> tuple[str, ...]:
        """Everything odd, each once."""
        return tuple(self._notes)

    def check_requirements(self, declared: Iterable[str]) -> None:
        """Note features that are used without their requirement."""
        known = set(declared)
        for feature, line in self.lines.items():
            words = _DECLARED_BY.get(feature, ())
            covered = known & {*words, *((":adl",) if feature in _ADL else ())}
            if words and not covered:
                self.note(
                    f":requirements lacks {words[0]}, which line {line} uses; "
                    "read all the same"
                )

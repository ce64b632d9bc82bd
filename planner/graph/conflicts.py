"""Which happenings of a plan have to stay in their order, as it is gone through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from jouleplan.domains.language.model import Fact
from jouleplan.planner.graph.happenings import Happening, number_writes
from jouleplan.planner.graph.reads import Literal, Pattern, matches


class Patterns:
    """A set of the facts, or numbers, that one of several patterns stands for."""

    __slots__ = ("_exact", "_open")

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        """Sort ``patterns`` by predicate."""
        self._exact: set[Pattern] = set()
        self._open: defaultdict[str | None, set[Pattern]] = defaultdict(set)
        for pattern in patterns:
            if None in pattern:
                self._open[pattern[0]].add(pattern)
            else:
                self._exact.add(pattern)

    def __contains__(self, fact: Fact) -> bool:
        """Return whether a pattern stands for ``fact``."""
        if fact in self._exact:
            return True
        return any(matches(pattern, fact) for pattern in self._open.get(fact[0], ()))


class Lookers:
    """Who has looked at facts, or numbers, by pattern, as bits."""

    __slots__ = ("_masks", "_open")

    def __init__(self) -> None:
        """Begin with nobody."""
        self._masks: defaultdict[Pattern, int] = defaultdict(int)
        self._open: defaultdict[str | None, set[Pattern]] = defaultdict(set)

    def add(self, patterns: Iterable[Pattern], bit: int) -> None:
        """Record that somebody looks at what ``patterns`` stand for."""
        for pattern in patterns:
            self._masks[pattern] |= bit
            if None in pattern:
                self._open[pattern[0]].add(pattern)

    def of(self, fact: Fact) -> int:
        """Return who has looked at ``fact``."""
        mask = self._masks.get(fact, 0)
        for pattern in self._open.get(fact[0], ()):
            if matches(pattern, fact):
                mask |= self._masks[pattern]
        return mask


def opposite(literal: Literal) -> Literal:
    """Return the literal that holds where ``literal`` does not."""
    return literal[0], not literal[1]


class Facts:
    """Who has written facts and looked at them so far."""

    __slots__ = ("_guarded", "_lookers", "_seen", "_watched", "_watchers", "_writers")

    def __init__(self, guarded: Iterable[Pattern], watched: Iterable[Pattern]) -> None:
        """Begin with nobody.

        Args:
            guarded: What anybody looks at, other than as a literal that he needs: the
                changes of such a fact stay in order.
            watched: What constraints look at: all these changes stay in one order.
        """
        self._guarded, self._watched = Patterns(guarded), Patterns(watched)
        self._writers: dict[Literal, int] = {}
        self._seen: defaultdict[str | None, dict[Fact, None]] = defaultdict(dict)
        self._lookers = Lookers()
        self._watchers = 0

    def writers(self, literal: Literal) -> int:
        """Return who has made ``literal`` true."""
        return self._writers.get(literal, 0)

    def before(self, happening: Happening) -> int:
        """Return who must come before ``happening`` for the facts it looks at."""
        mask = 0
        for pattern in happening.reads.facts:
            for fact in self._written(pattern):
                mask |= self.writers((fact, True)) | self.writers((fact, False))
        for literal in happening.writes:
            mask |= self._lookers.of(literal[0])
            if literal[0] in self._guarded:
                mask |= self.writers(opposite(literal))
            if literal[0] in self._watched:
                mask |= self._watchers
        return mask

    def add(self, happening: Happening, bit: int) -> None:
        """Record what ``happening`` looks at and writes."""
        self._lookers.add(happening.reads.facts, bit)
        for literal in happening.writes:
            self._writers[literal] = self.writers(literal) | bit
            self._seen[literal[0][0]][literal[0]] = None
            if literal[0] in self._watched:
                self._watchers |= bit

    def _written(self, pattern: Pattern) -> Iterator[Fact]:
        exact = tuple(part for part in pattern if part is not None)
        if len(exact) == len(pattern):
            yield exact
            return
        for fact in self._seen.get(pattern[0], ()):
            if matches(pattern, fact):
                yield fact


class Numbers:
    """Who has changed numbers and looked at them so far."""

    __slots__ = ("_lookers", "_watched", "_watchers", "_writers")

    def __init__(self, watched: Iterable[Pattern]) -> None:
        """Begin with nobody; constraints look at the numbers that are ``watched``."""
        self._watched = Patterns(watched)
        self._writers: defaultdict[Fact, defaultdict[str, int]] = defaultdict(
            lambda: defaultdict(int)
        )
        self._lookers = Lookers()
        self._watchers = 0

    def before(self, happening: Happening) -> int:
        """Return who must come before ``happening`` for the numbers it uses."""
        mask = 0
        for pattern in happening.reads.numbers:
            for number, kinds in self._writers.items():
                if matches(pattern, number):
                    for writers in kinds.values():
                        mask |= writers
        for number, kind in number_writes(happening):
            mask |= self._lookers.of(number)
            for other, writers in self._writers.get(number, {}).items():
                # Sums can be taken in any order, products too, but not both.
                if other != kind or kind == "assign":
                    mask |= writers
            if number in self._watched:
                mask |= self._watchers
        return mask

    def add(self, happening: Happening, bit: int) -> None:
        """Record which numbers ``happening`` looks at and changes."""
        self._lookers.add(happening.reads.numbers, bit)
        for number, kind in number_writes(happening):
            self._writers[number][kind] |= bit
            if number in self._watched:
                self._watchers |= bit

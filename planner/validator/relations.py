"""A set of facts that changes, with look-up tables that change along with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from jouleplan.domains.language.model import Fact

Positions = tuple[int, ...]
"""Places in a fact, from 1; the predicate stands at 0."""

_Table = dict[tuple[str, ...], set[Fact]]


class Relations:
    """Facts, found by predicate and any of their objects.

    A table is made when it is first asked for: a plan of a task without quantifiers
    and derived predicates needs none, however many facts there are.

    Attributes:
        facts: The facts; changed by ``add`` and ``discard`` only.
    """

    __slots__ = ("_tables", "facts")

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        """Hold a copy of ``facts``."""
        self.facts = set(facts)
        self._tables: dict[str, dict[Positions, _Table]] | None = None

    def add(self, fact: Fact) -> bool:
        """Make ``fact`` true; return whether it was not."""
        if fact in self.facts:
            return False
        self.facts.add(fact)
        if self._tables is not None:
            tables = self._tables.setdefault(fact[0], {(): {}})
            for positions, table in tables.items():
                table.setdefault(_key(fact, positions), set()).add(fact)
        return True

    def discard(self, fact: Fact) -> bool:
        """Make ``fact`` false; return whether it was not."""
        if fact not in self.facts:
            return False
        self.facts.remove(fact)
        if self._tables is not None:
            for positions, table in self._tables[fact[0]].items():
                table[_key(fact, positions)].remove(fact)
        return True

    def matching(
        self, predicate: str, positions: Positions, objects: tuple[str, ...]
    ) -> Collection[Fact]:
        """Return the facts of ``predicate`` with ``objects`` at ``positions``."""
        if self._tables is None:
            self._tables = {}
            for fact in self.facts:
                tables = self._tables.setdefault(fact[0], {(): {(): set()}})
                tables[()][()].add(fact)
        tables = self._tables.get(predicate, {})
        if positions not in tables:
            if not tables:
                return ()
            table: _Table = {}
            for fact in tables[()].get((), ()):
                table.setdefault(_key(fact, positions), set()).add(fact)
            tables[positions] = table
        return tables[positions].get(objects, ())


def _key(fact: Fact, positions: Positions) -> tuple[str, ...]:
    return tuple([fact[position] for position in positions])

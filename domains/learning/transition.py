"""A transition: one operator that was carried out, and the states around it."""

from __future__ import annotations

from dataclasses import dataclass

from jouleplan.domains.language.model import DomainModel, Fact


@dataclass(frozen=True, slots=True)
class Transition:
    """One operator that succeeded.

    Attributes:
        line: Where it was read, from 1; 0 where it was not read.
        operator: Its name.
        objects: For its parameters, in their order.
        before: All that was true before it.
        after: All that was true after it.
    """

    line: int
    operator: str
    objects: tuple[str, ...]
    before: frozenset[Fact]
    after: frozenset[Fact]

    def __str__(self) -> str:
        """Return ``pick(d1, peg1)``."""
        return f"{self.operator}({', '.join(self.objects)})"


@dataclass(frozen=True, slots=True)
class Recording:
    """What a file of transitions holds.

    Attributes:
        signature: Types, constants, predicates and operators; what the operators
            need and change is not known, so their conditions and effects are empty.
        transitions: In their order.
    """

    signature: DomainModel
    transitions: tuple[Transition, ...]

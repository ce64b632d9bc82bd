"""A plan in the language's terms: steps, with times where operators take time."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Step:
    """A ground operator in a plan.

    Attributes:
        operator: Name of the schema.
        objects: For its parameters, in their order.
        start: Time at which it starts; None in a plan without times.
        duration: How long it takes; None for an instantaneous operator.
    """

    operator: str
    objects: tuple[str, ...] = ()
    start: Fraction | None = None
    duration: Fraction | None = None

    def __str__(self) -> str:
        """Return ``pick(d1, peg1)``, with times ``0.500: drive(t1, a, b) [3.000]``."""
        text = f"{self.operator}({', '.join(self.objects)})"
        if self.start is not None:
            text = f"{float(self.start):.3f}: {text}"
        if self.duration is not None:
            text += f" [{float(self.duration):.3f}]"
        return text

    @property
    def pddl(self) -> str:
        """The line of a plan file, e.g. ``(pick d1 peg1)``."""
        text = f"({' '.join((self.operator, *self.objects))})"
        if self.start is not None:
            text = f"{float(self.start):.6f}: {text}"
        if self.duration is not None:
            text += f" [{float(self.duration):.6f}]"
        return text


Plan = tuple[Step, ...]


def read_plan(text: str) -> Plan:
    """Return the steps of a plan file; lines that hold none are passed over.

    Args:
        text: Lines such as ``(pick d1 peg1)``, ``0.5: (drive t1 a b) [3]``, comments
            behind ``;``.
    """
    steps = []
    for raw in text.splitlines():
        line = raw.partition(";")[0].strip().lower()
        opens, closes = line.find("("), line.rfind(")")
        if opens < 0 or closes < opens:
            continue
        words = line[opens + 1 : closes].split()
        if words:
            before, after = line[:opens].strip(" :"), line[closes + 1 :].strip(" []")
            steps.append(
                Step(
                    words[0],
                    tuple(words[1:]),
                    Fraction(before) if before else None,
                    Fraction(after) if after else None,
                )
            )
    return tuple(steps)

"""Kernels of a plan (PLANEX triangle table): what must hold for its rest to succeed.

Pure: no physics, no engine. A negative precondition or goal is carried likewise, in a
second set of atoms that must be false.

Source: Fikes, Hart & Nilsson 1972, "Learning and executing generalized robot plans".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jouleplan.domains.symbols import GroundOperator, State


@dataclass(frozen=True, slots=True)
class Kernel:
    """Atoms that must be true, and atoms that must be false."""

    true: State
    false: State = frozenset()

    def holds(self, state: State) -> bool:
        """Return whether ``state`` fulfils this kernel."""
        return self.true <= state and not (self.false & state)


def kernels(
    plan: Sequence[GroundOperator], goal: State, negative_goal: State = frozenset()
) -> tuple[Kernel, ...]:
    """Return the kernels of a plan, regressed from its goal.

    ``K_n`` is the goal; ``K_i = (K_{i+1} - add_i) | pre_i``. In a state where ``K_i``
    holds, the operators from ``plan[i]`` on reach the goal.

    Args:
        plan: n ground operators that reach the goal from some state.
        goal: Atoms that must be true in the end.
        negative_goal: Atoms that must be false in the end.

    Returns:
        n + 1 kernels.
    """
    kernel = Kernel(goal, negative_goal)
    found = [kernel]
    for operator in reversed(plan):
        kernel = Kernel(
            (kernel.true - operator.add_effects) | operator.preconditions,
            (kernel.false - operator.made_false) | operator.negative_preconditions,
        )
        found.append(kernel)
    return tuple(reversed(found))


def largest_kernel(kernels: Sequence[Kernel], state: State) -> int | None:
    """Return the largest index whose kernel holds in ``state``; None if none does.

    It is the operator to carry out next: those before it are done or not needed, the
    plan's length means that the goal is reached.
    """
    for i in range(len(kernels) - 1, -1, -1):
        if kernels[i].holds(state):
            return i
    return None

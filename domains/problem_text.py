"""Problem text: a generated problem as PDDL."""

from __future__ import annotations

from collections.abc import Iterable

from jouleplan.domains.errors import ProblemSizeError


def check_size(domain: str, n: int, least: int, what: str) -> None:
    """Raise unless ``n`` is at least ``least``.

    Raises:
        ProblemSizeError: ``n`` is less.
    """
    if n < least:
        raise ProblemSizeError(
            f"a {domain} problem of {n} {what} cannot be made; give {least} or more"
        )


def problem_text(
    domain: str, name: str, objects: str, init: Iterable[str], goal: Iterable[str]
) -> str:
    """Return the PDDL text of a problem; every atom with its brackets."""
    return "\n".join(
        [
            f"(define (problem {name})",
            f"  (:domain {domain})",
            f"  (:objects {objects})",
            "  (:init",
            *(f"    {atom}" for atom in init),
            "  )",
            "  (:goal (and",
            *(f"    {atom}" for atom in goal),
            "  )))",
            "",
        ]
    )

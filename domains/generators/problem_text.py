"""Text: what every generator does alike: check its size, write a problem."""

from __future__ import annotations

from collections.abc import Iterable

from jouleplan.domains.errors import ProblemSizeError


def check_size(
    domain: str, n: int, least: int, what: str, most: int | None = None
) -> None:
    """Raise unless ``n`` is at least ``least`` and, where given, at most ``most``.

    Raises:
        ProblemSizeError: It is not; says what is allowed.
    """
    allowed = f"{least} or more" if most is None else f"{least} to {most}"
    if n < least or (most is not None and n > most):
        raise ProblemSizeError(
            f"a {domain} problem of {n} {what} cannot be made; give {allowed}"
        )


def problem_text(
    domain: str, name: str, objects: str, init: Iterable[str], goal: Iterable[str]
) -> str:
    """Return the PDDL text of a problem."""
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


def grouped(members: Iterable[tuple[str, str]]) -> str:
    """Return (name, type) pairs as a typed list, each type once."""
    kinds: dict[str, list[str]] = {}
    for name, kind in members:
        kinds.setdefault(kind, []).append(name)
    return " ".join(f"{' '.join(names)} - {kind}" for kind, names in kinds.items())

"""Starts the translator on two files before anything else is loaded or read.

Reading and checking the files goes on beside it, and ends it where they are at fault.
"""

from __future__ import annotations

import re
from pathlib import Path

from jouleplan.planner.engines.engine import Limits
from jouleplan.planner.engines.translation import Translation
from jouleplan.planner.errors import MissingEngineError

_REWRITTEN = re.compile(
    rb"durative-action|:process|:event|\(\s*either\b|preference|:constraints"
    rb"|probabilistic|oneof|:observe|:method|:task|[<>]|assign|decrease|scale-"
    rb"|\s-[a-z]",
    re.IGNORECASE,
)
"""Words of files that are refused, or rewritten before the translator gets them."""


def early_translation(
    domain_pddl: Path, problem_pddl: Path, limits: Limits, folder: Path
) -> Translation | None:
    """Return the translator at work on two files, where they look as if it takes them.

    None where they do not, or cannot be read, or it is not installed: what reads them
    later, and chooses an engine, says what is wrong.

    Args:
        domain_pddl: The domain.
        problem_pddl: The problem.
        limits: Memory, and wall time from now.
        folder: A folder of its own.
    """
    try:
        text = domain_pddl.read_bytes() + problem_pddl.read_bytes()
        if _REWRITTEN.search(text):
            return None
        return Translation(domain_pddl, problem_pddl, limits, folder)
    except (OSError, MissingEngineError):
        return None

"""Starter: the text of a small domain that runs at once, to be changed into another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jouleplan.domains.errors import DomainNameError, FolderExistsError

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]*")

DOMAIN_PDDL: Final = """\
; What the task is about, in PDDL: blocks that are moved from pad to pad.
(define (domain {name})
  (:requirements :strips :typing)
  (:types block pad - place)
  (:predicates (on ?b - block ?p - place)   ; ?b lies on ?p
               (clear ?p - place)           ; nothing lies on ?p
               (held ?b - block)            ; the gripper holds ?b
               (empty))                     ; the gripper holds nothing

  (:action take
    :parameters (?b - block ?p - place)
    :precondition (and (on ?b ?p) (clear ?b) (empty))
    :effect (and (held ?b) (clear ?p)
                 (not (on ?b ?p)) (not (clear ?b)) (not (empty))))

  (:action put
    :parameters (?b - block ?p - place)
    :precondition (and (held ?b) (clear ?p))
    :effect (and (on ?b ?p) (clear ?b) (empty)
                 (not (held ?b)) (not (clear ?p)))))
"""

PROBLEM_PDDL: Final = """\
; Two blocks change their pads; one pad is free.
(define (problem swap) (:domain {name})
  (:objects red blue - block left middle right - pad)
  (:init (on red left) (on blue right)
         (clear red) (clear blue) (clear middle) (empty))
  (:goal (and (on red right) (on blue left))))
"""

DOMAIN_TOML: Final = """\
# The tie between the symbols of domain.pddl and physics. Lengths in metres.
version = 1
domain = "{name}"

[objects.pad]        # a PDDL type: every object of it gets such a body
kind = "fixed"       # it stays where it is
shape = "box"
size = [0.09, 0.09, 0.02]
layout = "row"       # all of these in a row before the arm

[objects.block]
kind = "movable"     # the arm moves it
shape = "box"
height = 0.04        # no higher than wide: it would topple
width = 0.045        # at most 0.066: the gripper spans no more

[predicates]         # how each predicate that changes is sensed
on = {{ sense = "supported_by" }}
clear = {{ sense = "nothing_on" }}
held = {{ sense = "held" }}
empty = {{ sense = "gripper_empty" }}

[operators]          # which skills carry out each operator, in their order
take = [{{ skill = "pick", object = "?b" }}]
put = [{{ skill = "place", object = "?b", on = "?p" }}]
"""

README: Final = """\
`jouleplan check ./{name}` lints this domain, `jouleplan solve ./{name} swap` runs it.
"""

FILES: Final[Mapping[str, str]] = {
    "domain.pddl": DOMAIN_PDDL,
    "problems/swap.pddl": PROBLEM_PDDL,
    "domain.toml": DOMAIN_TOML,
    "README.md": README,
}
"""Path inside the folder -> its text, with ``{name}`` for the domain's name."""


def lay_out_folder(folder: Path) -> tuple[Path, ...]:
    """Write the starter domain, named after its folder; return the files.

    Args:
        folder: Must not exist; the folder above it must.

    Raises:
        DomainNameError: Its name is no PDDL name in lower case.
        FolderExistsError: It exists.
        OSError: It cannot be written.
    """
    name = folder.name
    if not _NAME.fullmatch(name):
        raise DomainNameError(name)
    if folder.exists():
        raise FolderExistsError(folder)
    written = []
    folder.mkdir()
    for inner, text in FILES.items():
        file = folder / inner
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.format(name=name), encoding="utf-8")
        written.append(file)
    return tuple(written)

"""Text: a proposal as domain.toml, guesses with their reasons, gaps as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from jouleplan.domains.facts import CLASSIFIERS, TABLE
from jouleplan.domains.proposal.bodies import NARROWEST_M, Entry
from jouleplan.domains.proposal.lifted import changes
from jouleplan.domains.proposal.match import Match
from jouleplan.domains.proposal.proposal import Proposal
from jouleplan.domains.proposal.switches import SWITCHED
from jouleplan.domains.skill_call import SKILL_ARGUMENTS, SkillCall
from jouleplan.domains.symbols import Domain

MEANING = {
    "supported_by": "the first rests on the second",
    "supports": "the second rests on the first",
    "nothing_on": "it carries nothing and is not in the hand",
    "carries_nothing": "it carries nothing, in the hand or not",
    "something_on": "it carries another",
    "held": "the hand holds it",
    "gripper_empty": "the hand is empty",
    "gripper_full": "the hand is full",
    "on_table": "it rests on the table",
    "hand_over": "the hand is over it",
    "held_by": "the second, the hand, holds the first",
    "hand_empty": "it is the hand and empty",
    "switched_on": "it is a button that is on",
    "switched_off": "it is a button that is off",
}
"""Classifier -> what it says."""


def toml_text(proposal: Proposal) -> str:
    """Return the proposal as the text of a domain.toml."""
    domain, wanting = proposal.domain, len(proposal.gaps)
    lines = [
        f"# Proposed from the operators of {domain.name}: each guess bears its reason.",
        f"# {wanting or 'No'} gap{'' if wanting == 1 else 's'} to fill in"
        + (": search for GAP." if wanting else "."),
        "version = 1",
        f'domain = "{domain.name}"',
    ]
    for entry in proposal.entries:
        lines += ["", *_body(entry)]
    lines += ["", "[predicates]", *_predicates(proposal)]
    lines += ["", "[operators]"]
    for name, match in proposal.explained.matches.items():
        lines += _operator(name, match, proposal)
    return "\n".join(lines) + "\n"


def _body(entry: Entry) -> Iterator[str]:
    """Yield one table of [objects]; lengths in metres."""
    header = f"[objects.{_dotted(entry.key)}]"
    if entry.kind == "gap":
        yield f"# GAP {header}: {entry.reason}"
        yield '# kind = "fixed" or "movable"; size = [x, y, z] in metres'
        return
    yield f"{header}  # {entry.reason}"
    if entry.kind == "hand":
        yield 'kind = "hand"  # the arm has one, and it is no body'
        return
    if entry.kind == "button":
        yield 'kind = "fixed"'
        yield 'shape = "button"'
        yield "size = [0.06, 0.06, 0.04]  # m, its cap included"
        return
    yield f'kind = "{"fixed" if entry.kind == "zone" else entry.kind}"'
    yield 'shape = "box"'
    if entry.kind == "zone":
        yield 'holds = "many"  # side by side'
        yield "size = [0.22, 0.22, 0.006]  # m: six places; larger for more"
        yield 'layout = "row"'
    elif entry.kind == "fixed":
        yield "size = [0.09, 0.09, 0.02]  # m, the default: room for one body"
        yield 'layout = "row"'
    elif entry.ranked is None:
        yield "height = 0.04  # m, the default: fits the gripper, does not topple"
        yield "width = 0.045"
    else:
        rank = entry.ranked
        first = "" if rank.first == "narrower" else ', first = "wider"'
        yield "height = 0.035  # m"
        yield f"# {rank.reason}: so its {rank.first} body comes first"
        yield (
            f'width = {{ rank = "{rank.relation}", narrowest = {NARROWEST_M}, '
            f"step = {rank.step}{first} }}"
        )


def _predicates(proposal: Proposal) -> Iterator[str]:
    domain, classifiers = proposal.domain, proposal.explained.classifiers
    for name, predicate in domain.predicates.items():
        if name not in classifiers:
            yield f'{_key(name)} = {{ source = "static" }}  # no operator changes it'
            continue
        for doubt in proposal.doubts:
            if doubt.startswith(f"predicates.{name}: "):
                yield f"# CHECK: {doubt.partition(': ')[2]}"
        sense = classifiers[name]
        if sense is None:
            fitting = [
                c.name for c in CLASSIFIERS.values() if c.arity == predicate.arity
            ]
            allowed = ", ".join(fitting) or f"none takes {predicate.arity} objects"
            yield f"# GAP {name}: no classifier fits it: {_changers(name, domain)}"
            yield f'# {_key(name)} = {{ sense = "..." }}  # one of: {allowed}'
            continue
        yield f"# {MEANING.get(sense, sense)}: {_changers(name, domain)}"
        yield f'{_key(name)} = {{ sense = "{sense}" }}'


def _changers(name: str, domain: Domain) -> str:
    """Return which operators make a predicate true and false."""
    by: dict[bool, list[str]] = {True: [], False: []}
    for operator in domain.operators.values():
        for atom, becomes in changes(operator).items():
            if atom.predicate == name and operator.name not in by[becomes]:
                by[becomes].append(operator.name)
    words = {True: "made true by", False: "false by"}
    return "; ".join(
        f"{words[b]} {', '.join(names)}" for b, names in by.items() if names
    )


def _operator(name: str, match: Match, proposal: Proposal) -> Iterator[str]:
    skills = ", ".join(SKILL_ARGUMENTS)
    if not match.calls:
        yield f"# GAP {name}: no sequence of skills does what its effects say"
        yield f'# {_key(name)} = [{{ skill = "...", object = "?..." }}]  # {skills}'
        return
    yield f"# {_reason(name, match, proposal)}"
    for doubt in match.doubts:
        yield f"# CHECK: {doubt}"
    calls = ", ".join(_call(call) for call in match.calls)
    yield f"{_key(name)} = [{calls}]"


def _reason(name: str, match: Match, proposal: Proposal) -> str:
    """Return in words what the effects of an operator come to."""
    said = changes(proposal.domain.operators[name])
    classifiers = proposal.explained.classifiers

    def atoms(becomes: bool, *wanted: str) -> str:
        found = [
            str(a)
            for a, b in said.items()
            if b == becomes and classifiers.get(a.predicate) in wanted
        ]
        return " and ".join(sorted(found))

    if match.calls[0].skill == "hover":
        gained = atoms(True, "hand_over") or "which no effect says"
        return f"the hand goes over {match.calls[0].object}: {gained}"
    body, last = match.calls[0].object, match.calls[-1]
    if last.skill == "press":
        gains = atoms(True, *SWITCHED) or f"not {atoms(False, *SWITCHED)}"
        return f"nothing but {body} changes, which nothing moves: a button, {gains}"
    places = ("supported_by", "supports", "on_table")
    lost, gained = atoms(False, *places), atoms(True, *places)
    held = (
        atoms(True, "held", "held_by", "gripper_full")
        or atoms(False, "gripper_empty", "hand_empty")
        or "which no effect says"
    )
    onto = "the table" if last.on == TABLE else str(last.on)
    if last.on is None:
        return f"{body} loses {lost or 'its support'} and the hand takes it: {held}"
    if len(match.calls) == 1:
        return f"the hand lets go of {body} on {onto}: {gained or 'no support is said'}"
    return f"{body} goes from {lost or 'its support'} to {gained or onto}, never held"


def _call(call: SkillCall) -> str:
    on = "" if call.on is None else f', on = "{call.on}"'
    return f'{{ skill = "{call.skill}", object = "{call.object}"{on} }}'


def _key(name: str) -> str:
    """Return a PDDL name as a TOML key."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)


def _dotted(key: str) -> str:
    """Return the key of a body, the names in it quoted where TOML asks for it."""
    head, dot, name = key.partition(".")
    if head == "name" and dot:
        return f"name.{_key(name)}"
    return key if dot else _key(head)

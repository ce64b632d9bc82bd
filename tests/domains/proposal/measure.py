"""The share of operators and predicates that `bind` binds rightly.

``python -m tests.domains.proposal.measure`` prints it for the shipped domains, their
domain.toml hidden, and for the formulations of strangers.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from jouleplan.domains.catalogue import domain_names, find_domain
from jouleplan.domains.pddl import read_domain, read_problem
from jouleplan.domains.proposal.assignment import Explained, explain
from jouleplan.domains.symbols import Domain, Problem
from tests.domains.proposal.formulations import FORMULATIONS, Formulation


@dataclass(frozen=True, slots=True)
class Share:
    """How many operators and predicates of a domain are bound as they should be."""

    name: str
    right: int
    all: int

    def __str__(self) -> str:
        return f"{self.name}: {self.right} of {self.all}"


def read(formulation: Formulation) -> tuple[Domain, Problem]:
    """Return a formulation as read."""
    with TemporaryDirectory() as folder:
        domain_pddl, problem_pddl = Path(folder, "d.pddl"), Path(folder, "p.pddl")
        domain_pddl.write_text(formulation.domain)
        problem_pddl.write_text(formulation.problem)
        domain = read_domain(domain_pddl)
        return domain, read_problem(problem_pddl, domain)


def of_formulation(name: str, with_problem: bool) -> Share:
    formulation = FORMULATIONS[name]
    domain, problem = read(formulation)
    found = explain(domain, problem if with_problem else None)
    return _compared(name, found, formulation.predicates, formulation.operators)


def of_shipped(name: str) -> Share:
    """Compare with the domain.toml, which is read for the comparison alone."""
    files = find_domain(name)
    assert files.domain_toml is not None
    toml = tomllib.loads(files.domain_toml.read_text())
    predicates = {
        key: entry["sense"]
        for key, entry in toml["predicates"].items()
        if "sense" in entry
    }
    operators = {
        key: [
            f"{c['skill']}({', '.join(c[k] for k in ('object', 'on') if k in c)})"
            for c in calls
        ]
        for key, calls in toml["operators"].items()
    }
    found = explain(read_domain(files.domain_pddl))
    return _compared(name, found, predicates, operators)


def _compared(
    name: str,
    found: Explained,
    predicates: dict[str, str | None],
    operators: dict[str, list[str]],
) -> Share:
    right = [found.classifiers[key] == sense for key, sense in predicates.items()]
    right += [
        [str(call) for call in found.matches[key].calls] == calls
        for key, calls in operators.items()
    ]
    return Share(name, sum(right), len(right))


def shares() -> Iterator[Share]:
    """Yield the share of every domain."""
    for name in domain_names():
        if find_domain(name).domain_toml is not None:
            yield of_shipped(name)
    for name in FORMULATIONS:
        yield of_formulation(name, with_problem=False)


if __name__ == "__main__":
    found = list(shares())
    print(*found, sep="\n")
    right, every = sum(s.right for s in found), sum(s.all for s in found)
    print(f"all: {right} of {every}, {100 * right / every:.1f} %")

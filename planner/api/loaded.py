"""Loaded: a domain with its problems, to look at, to check, and to go on with."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jouleplan.domains.catalogue import (
    DomainFiles,
    domain_names,
    find_domain,
    find_problem,
)
from jouleplan.domains.errors import UnknownNameError
from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.model import DomainModel, Signature
from jouleplan.energy.html_table import html_table
from jouleplan.planner.api.inline import PNG, image, paragraph

if TYPE_CHECKING:
    import pandas

    from jouleplan.planner.lint import Lint
    from jouleplan.planner.task import Task


@dataclass(frozen=True, slots=True, repr=False)
class LoadedDomain:
    """A domain as read. A notebook shows its operators, predicates and problems.

    Attributes:
        files: Its files.
        model: What the domain file says.
    """

    files: DomainFiles
    model: DomainModel

    @property
    def name(self) -> str:
        """Name of the folder or file."""
        return self.files.name

    @property
    def problems(self) -> tuple[str, ...]:
        """Names of the problems that lie with it."""
        return tuple(self.files.problems)

    @property
    def operators(self) -> tuple[str, ...]:
        """Names of the operators."""
        return tuple(self.model.schemas)

    @property
    def executable(self) -> bool:
        """Whether a domain.toml ties it to physics."""
        return self.files.domain_toml is not None

    @property
    def shipped(self) -> bool:
        """Whether its folder's name is enough to find it."""
        return self.name in domain_names() and find_domain(self.name) == self.files

    def problem(self, name: str = "") -> Path:
        """Return the file of a problem: a name, a path, or "" for the first.

        Raises:
            UnknownNameError: There is no such problem.
        """
        if name:
            return find_problem(self.files, name)
        if not self.problems:
            hint = "Give the path of a problem file."
            raise UnknownNameError(f"problem of {self.name}", "", (), hint)
        return self.files.problems[self.problems[0]]

    def task(self, problem: str = "") -> Task:
        """Return the domain and a problem tied to physics, e.g. for ``Executive``.

        Raises:
            DomainError: A file cannot be read or does not fit.
            UnboundDomainError: The domain has no domain.toml.
        """
        from jouleplan.planner.task import read_task

        return read_task(str(self.files.domain_pddl), str(self.problem(problem)))

    def check(self, problem: str = "", seed: int = 0) -> Checked:
        """Build the scene of a problem, sense it, and compare that with `:init`.

        Args:
            problem: Name or path; "" takes the first.
            seed: Of the scene.

        Raises:
            UnknownNameError: There is no such problem.
        """
        from jouleplan.planner.lint import lint

        return Checked(lint(self.files, self.problem(problem), seed, camera=True))

    def to_frame(self) -> pandas.DataFrame:
        """Return the operators: name, parameters with their types."""
        import pandas

        rows = [(s.name, _parameters(s)) for s in self._signatures()]
        return pandas.DataFrame(rows, columns=["operator", "parameters"])

    def _signatures(self) -> list[Signature]:
        return [Signature(s.name, s.parameters) for s in self.model.schemas.values()]

    def __repr__(self) -> str:
        """Return the name, and how much there is."""
        return (
            f"LoadedDomain({self.name!r}, {len(self.operators)} operators, "
            f"{len(self.problems)} problems)"
        )

    def _repr_html_(self) -> str:
        tied = "executable" if self.executable else "planned only: no domain.toml"
        operators = [(s.name, _parameters(s)) for s in self._signatures()]
        predicates = [(s.name, _parameters(s)) for s in self.model.predicates.values()]
        return (
            paragraph(f"{self.name} ({tied})", bold=True)
            + html_table(("operator", "parameters"), operators)
            + html_table(("predicate", "parameters"), predicates)
            + paragraph(f"problems: {', '.join(self.problems) or 'none'}")
        )


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """What is wrong with a domain, seen on the scene of a problem.

    Attributes:
        lint: Faults, and the atoms of `:init` and of the scene.
    """

    lint: Lint

    @property
    def fine(self) -> bool:
        """Whether there are no faults."""
        return self.lint.fine

    def __repr__(self) -> str:
        """Return the problem and its faults."""
        faults = "; ".join(self.lint.faults)
        return f"Checked({self.lint.problem!r}, {faults or 'fine'})"

    def _repr_html_(self) -> str:
        lint = self.lint
        said = [
            paragraph(f"{lint.problem}: {'fine' if self.fine else 'faults'}", bold=True)
        ]
        said += [paragraph(fault) for fault in lint.faults]
        if lint.image is not None:
            from jouleplan.planner.scene_picture import write_picture

            with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
                file = Path(folder, "scene.png")
                write_picture(file, lint)
                alt = f"scene of {lint.problem} with the sensed atoms"
                said.append(image(file.read_bytes(), PNG, alt))
        return "".join(said)


@dataclass(frozen=True, slots=True, repr=False)
class DomainList:
    """The shipped domains.

    Attributes:
        files: One a domain, sorted by name.
    """

    files: tuple[DomainFiles, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What ``load_domain`` takes."""
        return tuple(one.name for one in self.files)

    def to_frame(self) -> pandas.DataFrame:
        """Return a row a domain: name, whether it is executable, its problems."""
        import pandas

        rows = [(f.name, f.domain_toml is not None, [*f.problems]) for f in self.files]
        return pandas.DataFrame(rows, columns=["domain", "executable", "problems"])

    def __repr__(self) -> str:
        """Return the names."""
        return f"DomainList({', '.join(self.names)})"

    def _repr_html_(self) -> str:
        rows = [
            (f.name, "yes" if f.domain_toml else "planned only", " ".join(f.problems))
            for f in self.files
        ]
        return html_table(("domain", "executable", "problems"), rows)


def load_domain(name_or_path: str | Path) -> LoadedDomain:
    """Return a domain.

    Args:
        name_or_path: A shipped name, a folder that holds ``domain.pddl``, or a file.

    Raises:
        UnknownNameError: It is none of these.
        PddlError: The domain cannot be read.
    """
    files = find_domain(str(name_or_path))
    return LoadedDomain(files, read_domain_model(files.domain_pddl))


def list_domains() -> DomainList:
    """Return the shipped domains."""
    return DomainList(tuple(find_domain(name) for name in domain_names()))


def loaded(domain: LoadedDomain | str | Path) -> LoadedDomain:
    """Return ``domain``, loaded where it is a name or a path; see ``load_domain``."""
    return domain if isinstance(domain, LoadedDomain) else load_domain(domain)


def _parameters(signature: Signature) -> str:
    return ", ".join(
        f"{name} - {' or '.join(types)}" for name, types in signature.parameters
    )

"""Finds domains and problems by name or path: those shipped here and the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jouleplan.domains.errors import UnknownNameError

_SHIPPED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DomainFiles:
    """The files of one domain: a folder of text.

    Attributes:
        name: Name of the folder, or of a lone PDDL file without its suffix.
        domain_pddl: The domain file.
        problems: Problem files by their names without suffix, sorted by name.
        domain_toml: The tie to physics; None for a domain without one.
    """

    name: str
    domain_pddl: Path
    problems: Mapping[str, Path]
    domain_toml: Path | None


def domain_names() -> list[str]:
    """Return the names of the shipped domains, sorted."""
    return sorted(file.parent.name for file in _SHIPPED.glob("*/domain.pddl"))


def find_domain(name_or_path: str) -> DomainFiles:
    """Return the files of a domain.

    Args:
        name_or_path: A shipped name, a folder that holds ``domain.pddl``, or a PDDL
            file. A shipped name comes first; write ``./name`` for a folder.

    Raises:
        UnknownNameError: It is none of these.
    """
    if name_or_path in domain_names():
        return _files(_SHIPPED / name_or_path / "domain.pddl")
    path = Path(name_or_path).expanduser()
    if path.is_dir() and (path / "domain.pddl").is_file():
        return _files(path / "domain.pddl")
    if name_or_path and path.is_file():
        return _files(path)
    there = name_or_path and path.is_dir()
    raise UnknownNameError(
        "domain",
        name_or_path,
        domain_names(),
        f"{path} holds no domain.pddl; `jouleplan new` lays out a folder with one."
        if there
        else "Or give a folder that holds domain.pddl, or the path of a domain file.",
    )


def find_problem(files: DomainFiles, name_or_path: str) -> Path:
    """Return the file of a problem.

    Args:
        files: The domain it belongs to.
        name_or_path: A name of ``files.problems``, with or without ``.pddl``, or the
            path of a problem file.

    Raises:
        UnknownNameError: It is neither.
    """
    found = files.problems.get(name_or_path.removesuffix(".pddl"))
    if found is not None:
        return found
    path = Path(name_or_path).expanduser()
    if name_or_path and path.is_file():
        return path
    raise UnknownNameError(
        f"problem of {files.name}",
        name_or_path,
        files.problems,
        "Or give the path of a problem file.",
    )


def _files(domain_pddl: Path) -> DomainFiles:
    """Return the files that lie beside ``domain_pddl``.

    Problems lie in ``problems/``; in a folder without one, beside the domain.
    """
    folder = domain_pddl.parent
    inner = folder / "problems"
    found = (inner if inner.is_dir() else folder).glob("*.pddl")
    by_name = sorted(found, key=lambda file: file.stem)
    toml = domain_pddl.with_suffix(".toml")
    lone = domain_pddl.name != "domain.pddl"
    return DomainFiles(
        domain_pddl.stem if lone else folder.resolve().name,
        domain_pddl,
        {f.stem: f for f in by_name if f.name != domain_pddl.name},
        toml if toml.is_file() else None,
    )

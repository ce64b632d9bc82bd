"""Nuts that the domain would put where their hole does not let them are named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from jouleplan.domains.catalogue import find_domain, find_problem
from jouleplan.planner.lint import lint

SHIPPED = find_domain("nut-assembly").domain_pddl.parent


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("side = 0.032", "side = 0.046", ["n1", "post1", "0.0455", "0.046 m wide"]),
        ('shape = "post"\nplate', 'shape = "box"\nsize', ["post1 is no post"]),
    ],
)
def test_check_names_a_nut_and_the_post_it_does_not_go_over(
    old: str, new: str, told: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "nut-assembly"
    shutil.copytree(SHIPPED, folder)
    toml = folder / "domain.toml"
    text = toml.read_text(encoding="utf-8")
    if "box" in new:
        text = text.replace("side = 0.032\nrise = 0.045\n", "")
    toml.write_text(text.replace(old, new, 1), encoding="utf-8")
    files = find_domain(str(folder))
    shown = lint(files, find_problem(files, "p01"), seed=0)
    assert len(shown.faults) == 1
    assert all(word in shown.faults[0] for word in told)

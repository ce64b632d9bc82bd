"""Nuts and posts in domain.toml: read as given, refused where they cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from jouleplan.domains.binding import Binding, read_binding
from jouleplan.domains.catalogue import find_domain, find_problem
from jouleplan.domains.errors import BindingError
from jouleplan.domains.pddl import read_domain, read_problem

FILES = find_domain("nut-assembly")
assert FILES.domain_toml is not None
TEXT = FILES.domain_toml.read_text(encoding="utf-8")


def bound(text: str, folder: Path) -> Binding:
    toml = folder / "domain.toml"
    toml.write_text(text, encoding="utf-8")
    domain = read_domain(FILES.domain_pddl)
    problem = read_problem(find_problem(FILES, "p03"), domain)
    return read_binding(toml, domain, problem)


def test_a_nut_is_grasped_as_a_box_of_its_handle_s_extents(tmp_path: Path) -> None:
    body = bound(TEXT, tmp_path).bodies["n1"]
    assert body.form is not None
    assert (body.shape, body.size, body.width) == ("nut", (0.036, 0.048, 0.03), 0.036)
    assert (body.form.hole, body.movable) == (0.0455, True)


def test_a_post_carries_at_the_height_of_its_plate(tmp_path: Path) -> None:
    binding = bound(TEXT, tmp_path)
    body = binding.bodies["post3"]
    assert body.form is not None
    assert (body.height, body.form.post, body.movable) == (0.01, 0.046, False)
    assert binding.layout["post3"] == "row"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("hole = 0.0455\n", "", "objects.narrow-nut: a nut needs hole"),
        ("hole = 0.0455", "hole = 0.08", "leave a wall of at least"),
        ("hole = 0.0455", "hole = -1", "objects.narrow-nut.hole: -1 is no number"),
        ("[0.048, 0.036]", "0.048", "is not [length, width]; give 2 lengths"),
        ("outer = 0.0875", "size = [1, 1, 1]", "unknown 'size'"),
        ("side = 0.032", "side = 0.2", "the post stands on a plate of"),
        ("side = 0.032\n", "", "objects.thin-post: a post needs side"),
        ('shape = "nut"', 'shape = "bolt"', "unknown 'bolt'; allowed: box"),
        ('kind = "movable"', 'kind = "fixed"', "a nut is movable; write so"),
    ],
)
def test_what_makes_no_nut_or_post_is_named(
    old: str, new: str, told: str, tmp_path: Path
) -> None:
    assert old in TEXT
    with pytest.raises(BindingError) as caught:
        bound(TEXT.replace(old, new, 1), tmp_path)
    assert told in str(caught.value)

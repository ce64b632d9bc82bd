"""`bind`, `check`, `new` as users run them; two strangers' domains in physics."""

import json
from pathlib import Path

import pytest

from jouleplan.domains.catalogue import find_domain
from jouleplan.planner.run import run
from tests.domains.proposal.formulations import FORMULATIONS, SWITCH, Formulation
from tests.planner.program import jouleplan

HANOI = find_domain("hanoi").domain_pddl.parent


def _folder(formulation: Formulation, folder: Path) -> Path:
    folder.joinpath("problems").mkdir(parents=True)
    folder.joinpath("domain.pddl").write_text(formulation.domain)
    folder.joinpath("problems", "p.pddl").write_text(formulation.problem)
    return folder


@pytest.mark.parametrize("name", ["hanoi-move", "handfull"])
def test_a_domain_bound_by_bind_alone_reaches_its_goal(
    name: str, tmp_path: Path
) -> None:
    folder = _folder(FORMULATIONS[name], tmp_path / name)
    done = jouleplan("bind", folder, "p", "--out", folder / "domain.toml")
    assert done.returncode == 0, done.stderr
    episode = run(str(folder), "p", seed=1).episode
    assert episode.goal_reached, episode.cause


def test_bind_writes_toml_to_stdout_and_doubts_to_stderr(tmp_path: Path) -> None:
    folder = _folder(SWITCH, tmp_path / "cell")
    done = jouleplan("bind", folder, "p")
    assert done.returncode == 0
    assert done.stdout.startswith("# Proposed from the operators of workcell")
    assert "gap: operators.light" in done.stderr


def test_bind_overwrites_nothing(domain: Path) -> None:
    before = (domain / "domain.toml").read_bytes()
    done = jouleplan("bind", domain, "p03", "--out", domain / "domain.toml")
    assert done.returncode == 2
    assert "not overwritten" in done.stderr
    assert (domain / "domain.toml").read_bytes() == before


def test_bind_answers_in_json(domain: Path) -> None:
    done = jouleplan("bind", domain, "p03", "--json")
    document = json.loads(done.stdout)
    assert document["operators"]["place"] == ["place(?d, ?l)"]
    assert document["lint"]["fine"]
    assert document["gaps"] == []


def test_bind_refuses_what_is_not_carried_out_by_name(tmp_path: Path) -> None:
    file = tmp_path / "domain.pddl"
    file.write_text(
        "(define (domain d) (:requirements :conditional-effects) (:predicates (p) (q))"
        " (:action a :parameters () :effect (when (p) (q))))"
    )
    done = jouleplan("bind", file)
    assert done.returncode == 2
    assert "conditional effects" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_finds_the_shipped_domains_fine() -> None:
    done = jouleplan("check", "hanoi", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert len(document["problems"]) == len(find_domain("hanoi").problems)
    assert document["problems"][0]["init"] == document["problems"][0]["sensed"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"supported_by"', '"suported_by"', "allowed: supported_by"),
        ('sense = "held"', 'sense = "on_table"', "grasped(?d) should become true"),
        (
            'place = [{ skill = "place", object = "?d", on = "?l" }]',
            'place = [{ skill = "pick", object = "?d" }]',
            "cannot be carried out",
        ),
        ('place = [{ skill = "place"', 'place = [{ skill = "push"', "pick, place"),
        ('object = "?d", on', 'object = "?z", on', "'?z'"),
        ("narrowest = 0.036", "narrowest = 0.068", "gripper takes"),
        ("version = 1", "version = 2", "version"),
        ("[objects.peg]", "[objects.pole]", "peg"),
    ],
)
def test_check_names_a_bad_binding_and_what_is_allowed(
    domain: Path, old: str, new: str, said: str
) -> None:
    toml = domain / "domain.toml"
    text = toml.read_text()
    assert old in text
    toml.write_text(text.replace(old, new, 1))
    done = jouleplan("check", domain, "p03")
    assert done.returncode == 2
    assert said in done.stdout
    assert "Traceback" not in done.stderr


def test_check_tells_what_init_lacks(domain: Path) -> None:
    problem = domain / "problems" / "p03.pddl"
    problem.write_text(problem.read_text().replace("(clear peg2)\n", "", 1))
    picture = domain / "scene.svg"
    done = jouleplan("check", domain, "p03", "--picture", picture)
    assert done.returncode == 2
    assert "clear(peg2) is missing from :init" in done.stdout
    assert "+ clear(peg2)  sensed, not in :init" in picture.read_text()


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_check_draws_the_scene(suffix: str, tmp_path: Path) -> None:
    picture = tmp_path / f"scene.{suffix}"
    assert jouleplan("check", "hanoi", "p03", "--picture", picture).returncode == 0
    start = {"png": b"\x89PNG", "svg": b"<svg "}[suffix]
    assert picture.read_bytes().startswith(start)


def test_check_refuses_another_kind_of_picture(tmp_path: Path) -> None:
    done = jouleplan("check", "hanoi", "p03", "--picture", tmp_path / "scene.gif")
    assert done.returncode == 2
    assert ".png and .svg" in done.stderr


@pytest.mark.parametrize(
    "code",
    [
        "sense = \"__import__('os').system('touch ran')\"",
        'sense = "held; touch ran"',
        "sense = \"{{ open('ran', 'w') }}\"",
        'sense = { "!!python/object/apply:os.system" = ["touch ran"] }',
        "sense = open('ran', 'w')",
    ],
)
def test_code_in_domain_toml_only_fails_the_lint(domain: Path, code: str) -> None:
    toml = domain / "domain.toml"
    toml.write_text(toml.read_text().replace('sense = "held"', code, 1))
    done = jouleplan("check", domain, "p03", cwd=domain)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (domain / "ran").exists()


def test_a_python_file_as_domain_toml_only_fails_the_lint(domain: Path) -> None:
    (domain / "domain.toml").write_text("import os\nos.system('touch ran')\n")
    (domain / "domain.py").write_text("open('ran', 'w')\n")
    done = jouleplan("check", domain, "p03", cwd=domain)
    assert done.returncode == 2
    assert "is no valid TOML" in done.stdout
    assert not (domain / "ran").exists()


def test_a_new_folder_passes_check_and_solve_at_once(tmp_path: Path) -> None:
    assert jouleplan("new", "mine", cwd=tmp_path).returncode == 0
    check = jouleplan("check", "./mine", cwd=tmp_path)
    assert check.returncode == 0, check.stdout
    assert run(str(tmp_path / "mine"), "swap", seed=0).episode.goal_reached


def test_new_names_the_folder_that_is_missing(tmp_path: Path) -> None:
    done = jouleplan("new", "none/mine", cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no folder none; make it first" in done.stderr


def test_new_refuses_a_folder_that_exists(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    done = jouleplan("new", tmp_path / "mine")
    assert done.returncode == 2
    assert "not overwritten" in done.stderr

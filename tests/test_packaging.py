import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pytest

from jouleplan.skills.vla.policy import WORDS

ROOT = Path(__file__).parents[1]
FOLDERS = ("planner", "skills", "domains", "energy")
TOP = "top"  # its files are those of the package itself
SUFFIXES = (".py", ".pddl", ".toml", ".onnx", ".typed", ".html", ".css")
HEAVY = (
    "codecarbon",
    "matplotlib",
    "onnxruntime",
    "pandas",
    "pybullet",
    "torch",
    "unified_planning.shortcuts",
    "zeus",
)


def run(*command: str | Path, cwd: Path) -> str:
    # PYTHONPATH could lend the repository to the child.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def shipped_files(root: Path) -> set[str]:
    return {
        path.relative_to(root).as_posix()
        for folder in FOLDERS
        for path in (root / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the sdist is built from: the working tree may change meanwhile."""
    copy = tmp_path_factory.mktemp("tree") / "jouleplan"
    skip = shutil.ignore_patterns(
        ".*_cache", ".git", ".venv", "__pycache__", "build", "demo", "dist", "runs"
    )
    shutil.copytree(ROOT, copy, ignore=skip)
    return copy


@pytest.fixture(scope="module")
def dist(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist from the tree, and the wheel from the sdist."""
    out = tmp_path_factory.mktemp("dist")
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", out)
    run(*build, tree, cwd=out)
    return out


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (path,) = dist.glob("*.whl")
    return path


def test_wheel_holds_every_file_of_the_folders_and_nothing_else(
    tree: Path, wheel: Path
) -> None:
    names = {name for name in ZipFile(wheel).namelist() if not name.endswith("/")}
    metadata = {name for name in names if ".dist-info/" in name}
    top = {f"jouleplan/{path.name}" for path in (tree / TOP).glob("*.*")}
    files = {f"jouleplan/{name}" for name in shipped_files(tree)}
    assert "jouleplan/__init__.py" in top
    assert names - metadata == files | top


def test_folders_hold_modules_and_data_that_runs_no_code(tree: Path) -> None:
    assert {Path(name).suffix for name in shipped_files(tree)} <= {*SUFFIXES, ""}
    nameless = {n for n in shipped_files(tree) if not Path(n).suffix}
    assert {Path(name).name for name in nameless} <= {"py.typed"}


def test_wheel_holds_the_templates_of_the_report(wheel: Path) -> None:
    folder = "energy/report/templates"
    templates = {path.name for path in (ROOT / folder).iterdir()}
    assert "page.html" in templates
    held = {Path(name).name for name in ZipFile(wheel).namelist() if folder in name}
    assert held == templates


@pytest.mark.parametrize("folder", FOLDERS)
def test_wheel_is_typed(folder: str, wheel: Path) -> None:
    assert f"jouleplan/{folder}/py.typed" in ZipFile(wheel).namelist()


@pytest.mark.parametrize(
    "domain", ["hanoi", "blocksworld", "gripper", "kitchen", "nut-assembly", "stacking"]
)
def test_wheel_holds_the_text_of_the_domain(domain: str, wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    folder = f"jouleplan/domains/{domain}"
    assert {f"{folder}/domain.pddl", f"{folder}/domain.toml"} <= set(names)
    assert any(re.fullmatch(rf"{folder}/problems/.+\.pddl", n) for n in names)


def test_wheel_holds_a_card_for_every_policy(wheel: Path) -> None:
    names = [Path(name) for name in ZipFile(wheel).namelist()]
    # the words of a policy from pixels are on its card
    policies = {
        n.with_suffix("")
        for n in names
        if n.suffix == ".onnx" and not n.stem.endswith(WORDS)
    }
    cards = {
        n.with_suffix("")
        for n in names
        if n.suffix == ".toml" and "policies" in n.parts
    }
    assert policies
    assert policies == cards


def test_wheel_carries_the_licence(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert any(re.fullmatch(r".+\.dist-info/licenses/LICENSE", name) for name in names)


def test_sdist_holds_the_tests(dist: Path) -> None:
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"tests/test_packaging.py", "hatch_build.py", "Makefile"} <= names


def test_installed_wheel_imports_without_the_repository(
    wheel: Path, tmp_path: Path
) -> None:
    target = tmp_path / "site"
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index")
    run(*pip, "--target", target, wheel, cwd=tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(target)!r})\n"
        "import jouleplan, jouleplan.domains.symbols as symbols\n"
        "assert 'plan' in dir(jouleplan)\nprint(symbols.__file__)"
    )
    # -S: the editable install of this environment is not on the path.
    found = Path(run(sys.executable, "-I", "-S", "-c", code, cwd=tmp_path).strip())
    assert found == target / "jouleplan" / "domains" / "symbols.py"


def test_installed_version_is_that_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert version("jouleplan") == project["version"]


def test_citation_states_version_and_licence_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "CITATION.cff").read_text().splitlines()
    assert f"version: {project['version']}" in lines
    assert f"license: {project['license']}" in lines


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['jouleplan', '--help']\n"
        "from jouleplan.planner.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as stop:\n    assert not stop.code, stop.code\n"
        f"print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules])"
    )
    out = run(sys.executable, "-c", code, cwd=tmp_path)
    assert "solve" in out
    assert out.splitlines()[-1].split() == ["loaded:"]

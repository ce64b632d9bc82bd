"""The wheel in an environment that holds what it declares, and nothing else.

No network: the declared distributions, and what they declare, are linked from the
environment that runs the tests. What only an extra brings cannot be imported there.
"""

import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from jouleplan.energy.ledger import Ledger

ROOT = Path(__file__).parents[1]
LEFT_OUT = (".*_cache", ".git", ".venv", "__pycache__", "build", "demo", "dist", "runs")
EXTRAS = {
    "train reach --out p": "train",
    "train saw --play nowhere --out p": "train",
    "collect-play hanoi p03 --out p": "train",
    "compare --cluster local --episodes 1": "cluster",
    "compare --methods openpi://127.0.0.1:9 --episodes 1": "vla",
    "compare --methods smolvla-random --episodes 1": "architectures",
    "collect hanoi p03 --episodes 1 --out demos": "vla",
    "serve smolvla-random": "vla",
    "ledger export l.db -o out --format parquet": "parquet",
}
"""Command that needs an extra -> the extra that its answer shall name."""
ENGINES = {
    "symk": "up-symk",
    "kstar": "kstar-planner",
    "enhsp": "up-enhsp",
    "aries": "up-aries",
}
"""Engine of an extra -> the package that its answer shall name."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the environment; return its folder."""
    folder = tmp_path_factory.mktemp("installed")
    tree, home = folder / "tree", folder / "home"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*LEFT_OUT))
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", folder)
    checked(*build, tree, cwd=folder)
    venv.create(home, symlinks=True)
    (site,) = home.glob("lib/python*/site-packages")
    for found in declared("jouleplan", set()):
        link(found, site)
    (wheel,) = folder.glob("*.whl")
    pip = (sys.executable, "-m", "pip", "--python", home / "bin" / "python")
    checked(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=folder)
    return home


def declared(name: str, seen: set[str]) -> Iterator[Distribution]:
    """Yield the distributions that ``name`` needs without its extras, all the way."""
    for text in distribution(name).requires or []:
        needed = Requirement(text)
        if needed.name in seen:
            continue
        if needed.marker is not None and not needed.marker.evaluate({"extra": ""}):
            continue
        seen.add(needed.name)
        try:
            yield distribution(needed.name)
        except PackageNotFoundError:
            continue  # of another platform, by a marker of its own
        yield from declared(needed.name, seen)


def link(found: Distribution, site: Path) -> None:
    for top in {file.parts[0] for file in found.files or [] if file.parts[0] != ".."}:
        if top != "__pycache__" and not (site / top).exists():
            (site / top).symlink_to(Path(str(found.locate_file(top))))


def started(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    # PYTHONPATH could lend the repository to the child
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def checked(*command: str | Path, cwd: Path) -> str:
    done = started(*command, cwd=cwd)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_wheel_solves_hanoi_with_its_declared_dependencies_alone(
    home: Path, tmp_path: Path
) -> None:
    where = "import jouleplan.planner.cli as cli; print(cli.__file__)"
    file = checked(home / "bin" / "python", "-c", where, cwd=tmp_path)
    assert Path(file).is_relative_to(home)
    out = checked(home / "bin" / "jouleplan", "solve", "hanoi", "--json", cwd=tmp_path)
    assert json.loads(out)["goal_reached"] is True


@pytest.mark.parametrize("command", EXTRAS)
def test_missing_extra_is_named_with_its_command(
    command: str, home: Path, tmp_path: Path
) -> None:
    with Ledger(tmp_path / "l.db"):
        pass
    done = started(home / "bin" / "jouleplan", *command.split(), cwd=tmp_path)
    assert f"pip install 'jouleplan[{EXTRAS[command]}]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_missing_engine_is_named_with_its_command(
    engine: str, home: Path, tmp_path: Path
) -> None:
    asked = ("plan", "hanoi", "p03", "--engine", engine)
    done = started(home / "bin" / "jouleplan", *asked, cwd=tmp_path)
    assert f"pip install {ENGINES[engine]}" in done.stderr
    assert done.returncode == 2

"""Provenance: what a figure was measured with."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jouleplan.energy.sources.cpu_model import cpu_name

PACKAGES = (
    "jouleplan",
    "numpy",
    "pybullet",
    "onnxruntime",
    "gymnasium",
    "unified-planning",
    "pyperplan",
    "up-fast-downward",
    "codecarbon",
    "zeus",
)


def versions(packages: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Return python's and each package's version, or "not installed"."""
    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def hardware() -> dict[str, object]:
    """Return the CPU's name, how many logical ones there are, and the memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": cpu_name(),
        "logical_cpus": os.cpu_count(),
        "memory_gb": round(memory / 1e9, 1),
        "system": f"{platform.system()} {platform.machine()}",
    }


def load_average() -> list[float]:
    """Return the load average over 1, 5 and 15 minutes."""
    return [round(load, 2) for load in os.getloadavg()]


def fingerprint(files: Iterable[Path]) -> str:
    """Return a short hash of the contents of ``files``, in their order."""
    digest = hashlib.sha256()
    for file in files:
        data = file.read_bytes()
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:16]

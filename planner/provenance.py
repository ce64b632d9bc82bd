"""Provenance: what a figure was measured with."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jouleplan.energy.hardware import hardware as hardware
from jouleplan.energy.hardware import load_average as load_average

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


def fingerprint(files: Iterable[Path]) -> str:
    """Return a short hash of the contents of ``files``, in their order."""
    digest = hashlib.sha256()
    for file in files:
        data = file.read_bytes()
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:16]

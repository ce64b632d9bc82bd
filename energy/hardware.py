"""Hardware: what a figure was measured on, and how busy it was."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Mapping

from jouleplan.energy.sources.cpu_model import cpu_name

_ID_LENGTH = 12


def hardware() -> dict[str, object]:
    """Return the CPU's name, how many logical ones there are, and the memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": cpu_name(),
        "logical_cpus": os.cpu_count(),
        "memory_gb": round(memory / 1e9, 1),
        "system": f"{platform.system()} {platform.machine()}",
    }


def hardware_text(found: Mapping[str, object]) -> str:
    """Return hardware as JSON that is equal for equal hardware."""
    return json.dumps(dict(found), sort_keys=True)


def hardware_id(found: Mapping[str, object]) -> str:
    """Return a short hash of ``found``, as :func:`hardware` returns it."""
    return hardware_id_of_text(hardware_text(found))


def hardware_id_of_text(text: str) -> str:
    """Return a short hash of hardware written by :func:`hardware_text`."""
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_LENGTH]


def load_average() -> list[float]:
    """Return the load average over 1, 5 and 15 minutes."""
    return [round(load, 2) for load in os.getloadavg()]

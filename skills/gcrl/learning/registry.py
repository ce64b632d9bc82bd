"""The learners by name; each with the settings of its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from jouleplan.skills.gcrl.learning.gcbc import Gcbc
from jouleplan.skills.gcrl.learning.gciql import Gciql
from jouleplan.skills.gcrl.learning.gcivl import Gcivl
from jouleplan.skills.gcrl.learning.hilp import Hilp
from jouleplan.skills.gcrl.learning.hiql import Hiql
from jouleplan.skills.gcrl.learning.learner import Learner, Settings, Sizes
from jouleplan.skills.gcrl.learning.ris import Ris
from jouleplan.skills.gcrl.learning.saw import Saw


@dataclass(frozen=True, slots=True)
class Algorithm:
    """One learner that can be chosen.

    Attributes:
        make: From sizes and settings to a learner with fresh networks.
        settings: Its source's defaults.
        kind: "flat" or "hierarchical".
        whole_goals: Whether goals must be whole observations.
    """

    make: Callable[[Sizes, Settings], Learner]
    settings: Settings
    kind: str = "flat"
    whole_goals: bool = False


ALGORITHMS: Final[Mapping[str, Algorithm]] = MappingProxyType(
    {
        "gcbc": Algorithm(Gcbc, Settings()),
        "gcivl": Algorithm(Gcivl, Settings(tau=0.9, temperature=10.0)),
        "gciql": Algorithm(Gciql, Settings(tau=0.9, cloning=1.0)),
        "hiql": Algorithm(
            Hiql, Settings(temperature=3.0, bootstrap=3.0), kind="hierarchical"
        ),
        "saw": Algorithm(Saw, Settings(temperature=3.0, bootstrap=1.0)),
        "ris": Algorithm(Ris, Settings(temperature=3.0, bootstrap=3.0)),
        "hilp": Algorithm(Hilp, Settings(tau=0.95, temperature=3.0), whole_goals=True),
    }
)
"""Name -> algorithm; the command line and the tests go through them."""

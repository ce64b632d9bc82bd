"""Carbon: joules as CO2 by country, from the intensities that CodeCarbon bundles."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from jouleplan.energy.errors import CarbonError
from jouleplan.energy.reading import J_PER_KWH

COUNTRIES: Final = ("USA", "FRA", "DEU", "CHN", "IND", "NOR", "POL", "GBR")
"""Three-letter codes shown where none are chosen: clean grids and dirty ones."""
_FILE: Final = Path("data", "private_infra", "global_energy_mix.json")


@lru_cache(maxsize=1)
def intensities() -> dict[str, float]:
    """Return country -> grams of CO2-equivalent a kWh, as CodeCarbon bundles them.

    Raises:
        CarbonError: This CodeCarbon has no such file.

    Source: CodeCarbon's ``global_energy_mix.json``, after Our World in Data.
    """
    # find_spec does not import: CodeCarbon's own import takes over a second
    spec = find_spec("codecarbon")
    places = () if spec is None else (spec.submodule_search_locations or ())
    for place in places:
        file = Path(place) / _FILE
        if file.is_file():
            mix = json.loads(file.read_text(encoding="utf-8"))
            return {
                code: float(row["carbon_intensity"])
                for code, row in mix.items()
                if row.get("carbon_intensity") is not None
            }
    raise CarbonError(f"codecarbon has no {_FILE}: install the version this one pins")


def carbon_kg(
    energy_j: float, countries: Iterable[str] = COUNTRIES
) -> dict[str, float]:
    """Return country -> CO2-equivalent of ``energy_j`` joules there [kg].

    Args:
        energy_j: Energy [J].
        countries: Three-letter codes, in any case.

    Raises:
        CarbonError: A country is unknown.
    """
    known = intensities()
    found = {}
    for country in countries:
        code = country.upper()
        if code not in known:
            near = ", ".join(difflib.get_close_matches(code, known, n=3)) or "USA, FRA"
            raise CarbonError(
                f"unknown country {country!r}: give a three-letter code such as {near}"
            )
        found[code] = energy_j / J_PER_KWH * known[code] / 1000
    return found

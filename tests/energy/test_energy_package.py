"""What importing the package costs, and what it offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

import jouleplan.energy


def test_public_names_load_on_first_use() -> None:
    for name in dir(jouleplan.energy):
        assert getattr(jouleplan.energy, name).__name__ == name


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Metre"):
        _ = jouleplan.energy.Metre


def test_meter_and_ledger_load_no_heavy_module() -> None:
    heavy = "{'codecarbon', 'zeus', 'scipy', 'pandas', 'numpy', 'torch'}"
    code = (
        "import sys; from jouleplan.energy import *\n"
        "from jouleplan.energy import Meter, Ledger, wilson_interval; Meter()\n"
        f"assert not {heavy} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

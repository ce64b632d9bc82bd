"""Settings for every test: one thread a process, this environment's commands first."""

import os
import sys
from pathlib import Path

# Before numpy or torch is imported: they read it once.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

# README blocks and notebooks call `jouleplan` and `python` by name.
os.environ["PATH"] = os.pathsep.join(
    (str(Path(sys.executable).parent), os.environ.get("PATH", ""))
)

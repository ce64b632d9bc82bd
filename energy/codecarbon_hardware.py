"""CodeCarbon's hardware classes, answering with our own readings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from codecarbon.core.units import Energy, Power
from codecarbon.external.hardware import CPU, GPU
from codecarbon.external.ram import RAM

from jouleplan.energy.reading import J_PER_KWH, Reading


class _Share:
    """Hands out the joules of one component since it was last asked."""

    def __init__(self, used: Callable[[], Reading], component: str) -> None:
        self._used = used
        self._component = component
        self._told_j = 0.0

    def take(self, last_duration: float) -> tuple[Power, Energy]:
        now = self._used().components.get(self._component, 0.0)
        joules, self._told_j = now - self._told_j, now
        watts = joules / last_duration if last_duration > 0 else 0.0
        # CodeCarbon's own factor from joules is rounded to six digits; ours is not.
        return Power.from_watts(watts), Energy.from_energy(kWh=joules / J_PER_KWH)


class MeteredCPU(CPU):
    """A CPU whose energy is our meter's "cpu" component."""

    def __init__(self, share: _Share, folder: str) -> None:
        super().__init__(folder, "constant", "jouleplan meter", 0)
        self._share = share

    def start(self) -> None:
        """Do nothing: the meter runs already."""

    def monitor_power(self) -> None:
        """Do nothing: the meter counts without sampling."""

    def total_power(self) -> Power:
        """Return zero; only energies count here."""
        return Power.from_watts(0.0)

    def measure_power_and_energy(self, last_duration: float) -> tuple[Power, Energy]:
        """Return mean power and energy since the last call."""
        return self._share.take(last_duration)


class MeteredRAM(RAM):
    """Memory whose energy is our meter's "ram" component."""

    def __init__(self, share: _Share) -> None:
        super().__init__(tracking_mode="process", force_ram_power=1)
        self._share = share

    def measure_power_and_energy(self, last_duration: float) -> tuple[Power, Energy]:
        """Return mean power and energy since the last call."""
        return self._share.take(last_duration)


class MeteredGPU(GPU):
    """GPUs whose energy is our meter's "gpu" component."""

    def __init__(self, share: _Share) -> None:
        # The base class would look for devices; Zeus has read them already.
        self.gpu_ids: list[int] = []
        self.devices: Any = _NoDevices()
        self._share = share

    def start(self) -> None:
        """Do nothing: the meter runs already."""

    def monitor_power(self) -> None:
        """Do nothing: the meter counts without sampling."""

    def measure_power_and_energy(
        self, last_duration: float, gpu_ids: Any = None
    ) -> tuple[Power, Energy]:
        """Return mean power and energy since the last call."""
        return self._share.take(last_duration)


class _NoDevices:
    """Answers CodeCarbon's question for the load of each GPU: none is known."""

    def get_gpu_utilization_list(self) -> list[dict[str, Any]]:
        return []


def injected(
    used: Callable[[], Reading], components: Sequence[str], folder: str
) -> list[Any]:
    """Return hardware for a tracker, one a component that is metered.

    Args:
        used: Returns what the run has used so far.
        components: Of "cpu", "ram", "gpu" and "wall" those that the meter knows.
        folder: A folder that CodeCarbon may write to.
    """
    made: list[Any] = []
    for component in ("cpu", "wall"):  # CodeCarbon has no class for a whole machine
        if component in components:
            made.append(MeteredCPU(_Share(used, component), folder))
    if "ram" in components:
        made.append(MeteredRAM(_Share(used, "ram")))
    if "gpu" in components:
        made.append(MeteredGPU(_Share(used, "gpu")))
    return made

"""The meter: nested phases, CPU time of the process and its children, joules.

Time is charged at the boundaries of phases: whatever passed since the last boundary
belongs to the innermost open phase. So every second is counted once, leaves sum to
the total by construction, and nothing is counted while no phase is open.

Threads: each has its own stack of phases. The thread that opened first also bears
what the process's unmetered threads burn; others bear their own thread's CPU time.
A child process counts in the phase in which it is reaped (waited for).
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import fields, replace
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter, process_time
from types import TracebackType
from typing import TYPE_CHECKING

from jouleplan.energy.account import OTHER, Account, Counters
from jouleplan.energy.errors import MixedReadingsError, PhaseError
from jouleplan.energy.hardware import hardware, hardware_id, load_average
from jouleplan.energy.reading import Quality, Reading, add_readings, readings_html
from jouleplan.energy.sources.cpu_model import CpuTimeModel
from jouleplan.energy.sources.sensor import Sensor
from jouleplan.energy.window import Window

if TYPE_CHECKING:
    import pandas

Mark = Mapping[Account, Counters]
"""A moment in a meter's life, to be given to :meth:`Meter.since`."""

_METERS: weakref.WeakSet[Meter] = weakref.WeakSet()


class Phase:
    """The context manager of one phase name; holds no state, so it is reused."""

    __slots__ = ("_meter", "_name")

    def __init__(self, meter: Meter, name: str) -> None:
        self._meter = meter
        self._name = name

    def __enter__(self) -> None:
        """Open the phase."""
        self._meter._enter(self._name)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the phase, also when an exception passes."""
        self._meter._exit(self._name)


class _Thread:
    """The open phases of one thread and its CPU clock."""

    __slots__ = ("clock", "cpu_s", "node")

    def __init__(self, node: Account, clock: int | None) -> None:
        self.node = node
        self.clock = clock
        self.cpu_s = time.thread_time() if clock is not None else 0.0


class Meter:
    """Counts joules, CPU time and wall time by phase.

    Args:
        source: A :class:`CpuTimeModel` or a :class:`Sensor`; None takes the best one
            that answers on this machine.

    With a sensor of the whole machine the phases share its joules by their CPU time
    ("attributed") and the total is its own difference ("measured"). It is read where
    an outermost phase begins or ends, so put short phases inside a longer one.

    In a forked process the meter starts afresh, with the phases of the forking thread
    open; what it reads there is merged by :meth:`add`.
    """

    def __init__(self, source: CpuTimeModel | Sensor | None = None) -> None:
        if source is None:
            from jouleplan.energy.sources.choice import best_source

            source = best_source()
        self.source: CpuTimeModel | Sensor = source
        self._model = source if isinstance(source, CpuTimeModel) else None
        self._window = None if isinstance(source, CpuTimeModel) else Window(source)
        self._phases: dict[str, Phase] = {}
        self._root = Account("", None)
        self._threads: dict[int, _Thread] = {}
        self._lock = threading.Lock()
        self._cpu = self._children = self._wall = 0.0
        self._load_before = load_average()[0]
        _METERS.add(self)

    def phase(self, name: str) -> Phase:
        """Return the context manager that charges what runs inside it to ``name``.

        Raises:
            PhaseError: ``name`` is empty, or holds "/" or ends in "(other)".
        """
        found = self._phases.get(name)
        if found is None:
            if not name or "/" in name or name.endswith(OTHER):
                raise PhaseError(
                    f"phase name {name!r}: give a name without '/' that does not end "
                    f"in {OTHER.strip()!r}; nest phases to make a path"
                )
            found = self._phases[name] = Phase(self, name)
        return found

    @property
    def lags(self) -> bool:
        """Whether each reading waits for the sensor: read seldom."""
        return self._window is not None and self._window.lags

    @property
    def components(self) -> tuple[str, ...]:
        """The components that have a figure: of "cpu", "gpu", "ram" and "wall"."""
        return self.source.components

    def readings(self) -> dict[str, Reading]:
        """Return what every leaf used since the start or the last reset."""
        return self.since({})

    def total(self, mark: Mark | None = None) -> Reading:
        """Return the sum of all leaves, since ``mark`` where one is given."""
        leaves = self.since(mark or {})
        total = add_readings(leaves.values())
        if self._window is None or total.quality != "attributed":
            return total
        # Added readings of other processes are shares of the same sensor.
        quality: Quality = "attributed" if self._has_added() else "measured"
        return replace(total, quality=quality)

    def frame(self) -> pandas.DataFrame:
        """Return what every leaf used, one a row, for pandas.

        The index is the phase; the columns are those of
        :class:`~jouleplan.energy.reading.Reading`. ``attrs`` holds the hardware id and
        the load average when the meter was made and now: joules of other hardware or of
        a busy machine are not to be compared.
        """
        import pandas

        rows = {name: reading.as_dict() for name, reading in self.readings().items()}
        columns = [field.name for field in fields(Reading)]
        found = pandas.DataFrame.from_dict(rows, orient="index", columns=columns)
        found.index.name = "phase"
        found.attrs = {
            "hardware_id": hardware_id(hardware()),
            "load_before": self._load_before,
            "load_after": load_average()[0],
        }
        return found

    to_frame = frame

    def __repr__(self) -> str:
        """Return the source and what was used."""
        used = self.total()
        joules = "unknown" if used.energy_j is None else f"{used.energy_j:.3g}"
        return f"Meter({self.source.name!r}, {joules} J {used.quality})"

    def _repr_html_(self) -> str:
        readings = self.readings()
        total = {"total": self.total()} if len(readings) > 1 else {}
        return readings_html({**readings, **total})

    def mark(self) -> Mark:
        """Return this moment, e.g. the start of an episode."""
        with self._lock:
            self._settle(threading.get_ident(), closing=True)
            return {node: node.counters.copy() for node in self._root.walk()}

    def since(self, mark: Mark) -> dict[str, Reading]:
        """Return what every leaf used since ``mark``; unused leaves are left out."""
        with self._lock:
            self._settle(threading.get_ident(), closing=True)
            found: dict[str, Reading] = {}
            for node in self._root.walk():
                used = node.counters.minus(mark.get(node))
                if used.idle():
                    continue
                found[node.leaf_name()] = used.reading(self._model, self.source.name)
            return found

    def reset(self) -> None:
        """Forget what was counted; open phases stay open and count from here."""
        with self._lock:
            self._settle(threading.get_ident(), closing=True)
            for node in self._root.walk():
                node.counters = Counters()

    def add(self, name: str, reading: Reading) -> None:
        """Add what another process metered to the leaf ``name`` (a path with "/").

        Do not also wait for that process inside a phase of this meter: its CPU time
        would be counted twice, once here and once as a child's.

        Raises:
            MixedReadingsError: ``reading`` is of another quality than this meter's.
            PhaseError: ``name`` has an empty part.
        """
        allowed = ("estimated",) if self._model else ("attributed", "measured")
        if reading.quality not in (*allowed, "unavailable"):
            raise MixedReadingsError(
                f"cannot add {reading.quality} energy ({reading.source}) to a meter "
                f"of {allowed[0]} energy ({self.source.name}); report it apart"
            )
        parts = name.removesuffix(OTHER).split("/")
        if not all(parts):
            raise PhaseError(f"phase path {name!r} has an empty part")
        with self._lock:
            node = self._root
            for part in parts:
                node = node.child(part)
            node.counters.add(reading)

    def _start_afresh(self) -> None:
        """Count from zero, in a process that was forked a moment ago."""
        ident = threading.get_ident()
        self._lock = threading.Lock()  # another thread may have held it
        own = self._threads.get(ident)
        self._threads = {} if own is None else {ident: own}
        if own is not None:
            own.clock = None  # it is the only thread here
        for node in self._root.walk():
            node.counters = Counters()
        if self._window is not None:
            self._window.forget()
        self._wall, self._cpu, self._children = perf_counter(), process_time(), 0.0

    def _has_added(self) -> bool:
        return any(node.counters.added_calls for node in self._root.walk())

    def _enter(self, name: str) -> None:
        ident = threading.get_ident()
        with self._lock:
            thread = self._threads.get(ident)
            if thread is None:
                if self._window is not None and not self._threads:
                    self._window.open()
                self._settle(ident)
                thread = _Thread(self._root, self._thread_clock(ident))
                self._threads[ident] = thread
            else:
                self._settle(ident)
            node = thread.node.children.get(name) or thread.node.child(name)
            node.counters.calls += 1
            thread.node = node

    def _exit(self, name: str) -> None:
        ident = threading.get_ident()
        with self._lock:
            thread = self._threads.get(ident)
            if thread is None or thread.node.name != name:
                opened = thread.node.name if thread else None
                raise PhaseError(
                    f"phase {name!r} closed while {opened!r} is the innermost open "
                    "phase of this thread; close phases in reverse order"
                )
            last = len(self._threads) == 1 and thread.node.parent is self._root
            self._settle(ident, closing=last)
            parent = thread.node.parent
            assert parent is not None
            thread.node = parent
            if parent is self._root:
                del self._threads[ident]

    def _thread_clock(self, ident: int) -> int | None:
        """Return the CPU clock of a thread that others need to read, else None."""
        if not self._threads:
            return None  # the first thread bears the remainder of the process
        try:
            return time.pthread_getcpuclockid(ident)
        except (AttributeError, OSError) as error:
            raise PhaseError(
                "phases in several threads at once need per-thread CPU clocks, which "
                f"this system lacks ({error}); meter one thread at a time"
            ) from error

    def _settle(self, ident: int, *, closing: bool = False) -> None:
        """Charge what passed since the last boundary to the open phases."""
        wall = perf_counter()
        cpu = process_time()
        usage = getrusage(RUSAGE_CHILDREN)
        children = usage.ru_utime + usage.ru_stime
        threads = self._threads
        if threads:
            spent, of_children = cpu - self._cpu, children - self._children
            elapsed = wall - self._wall
            if len(threads) == 1:  # as nearly always, and this is called very often
                (lead,) = threads.values()
                counters = lead.node.counters
                counters.cpu_s += spent + of_children
                counters.window += spent + of_children
                counters.wall_s += elapsed
            else:
                self._charge_threads(ident, spent, of_children, elapsed)
            window = self._window
            if window is not None and (closing or window.due(wall)):
                window.close((n.counters for n in self._root.walk()), wait=closing)
                if window.lags and closing:
                    self._begin_anew(window)
                    return
        self._wall, self._cpu, self._children = wall, cpu, children

    def _begin_anew(self, window: Window) -> None:
        """Leave out the time that was spent waiting for the sensor's file."""
        window.open()
        usage = getrusage(RUSAGE_CHILDREN)
        self._wall, self._cpu = perf_counter(), process_time()
        self._children = usage.ru_utime + usage.ru_stime
        for thread in self._threads.values():
            if thread.clock is not None:
                thread.cpu_s = time.clock_gettime(thread.clock)

    def _charge_threads(
        self, ident: int, spent: float, of_children: float, elapsed: float
    ) -> None:
        """Charge each thread its own CPU time, and the first one what is left."""
        lead, *others = self._threads.values()
        for thread in others:
            assert thread.clock is not None
            now = time.clock_gettime(thread.clock)
            own = now - thread.cpu_s
            thread.cpu_s = now
            thread.node.counters.charge(own, elapsed)
            spent -= own
        lead.node.counters.charge(spent, elapsed)
        # a child counts where it is reaped
        waiting = self._threads.get(ident, lead)
        waiting.node.counters.charge(of_children, 0.0)


def _after_fork() -> None:
    for meter in _METERS:
        meter._start_afresh()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)

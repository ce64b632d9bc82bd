"""Finds every process that a command has started, however it was detached.

A process is of the tree if its parent or its session is, or if its environment holds
the mark that the command was given: double forks with ``setsid`` keep the mark.
"""

from __future__ import annotations

import os
import signal
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

_PAUSE_S = 0.002
_GIVE_UP_S = 10.0  # only a process that the kernel holds lasts so long


@dataclass(frozen=True, slots=True)
class Member:
    """A living process of a tree.

    Attributes:
        pid: Its id.
        born: When it started, in the system's own unit: tells a reused id apart.
        memory_bytes: Its resident memory.
        cpu_s: CPU seconds, its own and those of the children that it waited for.
    """

    pid: int
    born: float
    memory_bytes: int
    cpu_s: float


class ProcessTree(Protocol):
    """The living processes that descend from one."""

    @property
    def mark(self) -> str:
        """Name of the environment variable that marks the tree."""
        ...

    def root(self, pid: int) -> None:
        """Name the process that the tree grows from."""
        ...

    def look(self, thorough: bool = False) -> list[Member]:
        """Return who lives, the root included.

        Args:
            thorough: Whether to look again into processes that were found to be
                strangers: an id that is used again is else taken for the old one.
        """
        ...


def process_tree() -> ProcessTree:
    """Return a tree, to be made before its root is started."""
    return LinuxTree() if Path("/proc/self/stat").exists() else PortableTree()


def end_tree(tree: ProcessTree) -> float:
    """End all of a tree whose root is dead; return the CPU seconds of those ended.

    Nobody waits for them: their CPU time would be counted nowhere.
    """
    cpu_s = 0.0
    give_up = time.perf_counter() + _GIVE_UP_S
    while (found := _halt(tree, give_up)) and time.perf_counter() < give_up:
        for member in found:
            cpu_s += member.cpu_s
            _signal(member, signal.SIGKILL)
        while _alive(tree, found) and time.perf_counter() < give_up:
            time.sleep(_PAUSE_S)
    return cpu_s


def _halt(tree: ProcessTree, give_up: float) -> list[Member]:
    """Stop all of a tree, so that none can start others; return them."""
    halted: set[tuple[int, float]] = set()
    found = tree.look(thorough=True)
    while time.perf_counter() < give_up:
        moving = [m for m in found if (m.pid, m.born) not in halted]
        for member in moving:
            _signal(member, signal.SIGSTOP)
            halted.add((member.pid, member.born))
        # A child that was forked while we looked is seen by the next look.
        found = tree.look(thorough=not moving)
        if not moving and all((m.pid, m.born) in halted for m in found):
            break
    return found


def _alive(tree: ProcessTree, members: list[Member]) -> bool:
    """Return whether one of some members is still there."""
    ended = {(member.pid, member.born) for member in members}
    return any((member.pid, member.born) in ended for member in tree.look())


def _signal(member: Member, number: signal.Signals) -> None:
    """Send a signal to a member that may have gone."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(member.pid, number)


def _new_mark() -> str:
    # A name of its own: a tree within a tree bears both marks.
    return f"JOULEPLAN_RUN_{uuid.uuid4().hex}"


@dataclass(slots=True)
class LinuxTree:
    """A tree read from ``/proc``: only processes that have appeared are looked into."""

    mark: str = field(default_factory=_new_mark)
    _root: int = -1
    _since: float = 0.0
    _members: dict[int, float] = field(default_factory=dict)
    _strangers: set[int] = field(default_factory=set)

    def root(self, pid: int) -> None:
        """See ``ProcessTree.root``."""
        self._root = pid
        stat = _stat(pid)
        self._since = stat.born if stat else 0.0

    def look(self, thorough: bool = False) -> list[Member]:
        """See ``ProcessTree.look``."""
        pids = _pids()
        if thorough:
            self._strangers.clear()
        self._strangers &= pids
        stats = {}
        for pid in pids - self._strangers:
            stat = _stat(pid)
            if stat is not None:
                stats[pid] = stat
        self._members = {
            pid: born
            for pid, born in self._members.items()
            if pid in stats and stats[pid].born == born
        }
        grown = True
        while grown:
            grown = False
            for pid, stat in stats.items():
                if pid not in self._members and self._belongs(pid, stat):
                    self._members[pid] = stat.born
                    grown = True
        self._strangers |= stats.keys() - self._members.keys()
        return [
            Member(pid, stats[pid].born, _resident_bytes(pid), stats[pid].cpu_s)
            for pid in self._members
            if stats[pid].state not in "ZX"
        ]

    def _belongs(self, pid: int, stat: _Stat) -> bool:
        """Return whether a process is of the tree."""
        if stat.born < self._since:
            return False
        if pid == self._root:
            return True
        if stat.parent in self._members or stat.session in self._members:
            return True
        if stat.session == self._root:
            return True
        with suppress(OSError):
            return self.mark.encode() in Path(f"/proc/{pid}/environ").read_bytes()
        return False


@dataclass(frozen=True, slots=True)
class _Stat:
    """What ``/proc/PID/stat`` says."""

    state: str
    parent: int
    session: int
    cpu_s: float
    born: float


def _pids() -> set[int]:
    """Return every process id."""
    return {int(name) for name in os.listdir("/proc") if name.isdigit()}


def _stat(pid: int) -> _Stat | None:
    """Return the state of a process; None once it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stream:
            # The name in parentheses may hold anything.
            fields = stream.read().rpartition(b")")[2].split()
    except OSError:
        return None
    ticks = sum(map(int, fields[11:15]))
    return _Stat(
        fields[0].decode(),
        int(fields[1]),
        int(fields[3]),
        ticks / os.sysconf("SC_CLK_TCK"),
        float(fields[19]),
    )


def _resident_bytes(pid: int) -> int:
    """Return the resident memory of a process; 0 once it is gone."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as stream:
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


@dataclass(slots=True)
class PortableTree:
    """A tree by psutil, for systems without ``/proc``."""

    mark: str = field(default_factory=_new_mark)
    _members: dict[tuple[int, float], Any] = field(default_factory=dict)
    _strangers: set[tuple[int, float]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Take all that runs already for strangers."""
        import psutil

        self._strangers = {(p.pid, _born(p)) for p in psutil.process_iter()}

    def root(self, pid: int) -> None:
        """See ``ProcessTree.root``."""
        import psutil

        with suppress(psutil.Error):
            root = psutil.Process(pid)
            self._members[pid, _born(root)] = root

    def look(self, thorough: bool = False) -> list[Member]:
        """See ``ProcessTree.look``; ids are always told apart here."""
        import psutil

        for member in list(self._members.values()):
            with suppress(psutil.Error):
                for child in member.children(recursive=True):
                    self._members.setdefault((child.pid, _born(child)), child)
        for process in psutil.process_iter():
            key = process.pid, _born(process)
            if key not in self._members and key not in self._strangers:
                try:
                    marked = self.mark in process.environ()
                except psutil.Error:
                    marked = False
                if marked:
                    self._members[key] = process
                else:
                    self._strangers.add(key)
        found = []
        for (pid, born), process in list(self._members.items()):
            try:
                if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                    cpu_s = float(sum(process.cpu_times()[:4]))
                    memory = process.memory_info().rss
                    found.append(Member(pid, born, memory, cpu_s))
            except psutil.Error:
                del self._members[pid, born]
        return found


def _born(process: Any) -> float:
    """Return when a process of psutil started; 0 once it is gone."""
    import psutil

    try:
        return float(process.create_time())
    except psutil.Error:
        return 0.0

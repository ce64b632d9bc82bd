"""S-expressions with line numbers: what a PDDL file is before it means anything."""

from __future__ import annotations

import re
from pathlib import Path

from jouleplan.domains.errors import PddlError

_TOKENS = re.compile(r"[()]|[^\s()]+")


_DEEPEST = 200_000
"""No task nests like this; a file of nothing but parentheses would take minutes."""


class Group:
    """A parenthesised list of words (str, lower case) and groups.

    ``line`` is where it opens, ``lines`` holds the line of each item, ``file`` the
    file it was read from.
    """

    __slots__ = ("file", "items", "line", "lines")

    def __init__(self, file: Path, line: int) -> None:
        """Hold nothing yet; it opens at ``line`` of ``file``."""
        self.file = file
        self.line = line
        self.items: list[str | Group] = []
        self.lines: list[int] = []

    @property
    def head(self) -> str:
        """The first word; empty where there is none."""
        first = self.items[0] if self.items else ""
        return first if isinstance(first, str) else ""

    def error(self, reason: str, item: int | None = None) -> PddlError:
        """Return an error that points at this group, or at one of its items."""
        line = self.line if item is None else self.lines[item]
        return PddlError(self.file, line, reason)


def grouped(group: Group, i: int) -> Group | None:
    """Return item ``i`` of ``group`` as a group, a bare word ``f`` as ``(f)``.

    None where there is no such item.
    """
    if i >= len(group.items):
        return None
    item = group.items[i]
    if isinstance(item, Group):
        return item
    alone = Group(group.file, group.lines[i])
    alone.items, alone.lines = [item], [group.lines[i]]
    return alone


def read_group(path: Path) -> Group:
    """Return the one parenthesised expression that a file holds.

    Comments, a byte order mark, any line ends and any case are fine. The
    reader keeps its own stack: nesting is bounded far beyond Python's.

    Raises:
        PddlError: No such file, not UTF-8 text, empty, or parentheses do not match.
    """
    text = _read_text(path)
    root: Group | None = None
    stack: list[Group] = []
    for line, content in enumerate(text.split("\n"), start=1):
        for token in _TOKENS.findall(content.partition(";")[0].lower()):
            if token == ")":
                if not stack:
                    raise PddlError(path, line, "')' without a '(' before it")
                stack.pop()
                continue
            if not stack and root is not None:
                raise PddlError(path, line, f"{token!r} after the end of the file's (")
            item: str | Group = token
            if token == "(":
                item = Group(path, line)
            elif not stack:
                raise PddlError(
                    path, line, f"not PDDL: starts with {token[:20]!r}, not '(define'"
                )
            if stack:
                stack[-1].items.append(item)
                stack[-1].lines.append(line)
            if isinstance(item, Group):
                root = root or item
                stack.append(item)
                if len(stack) > _DEEPEST:
                    raise PddlError(path, line, f"nested more than {_DEEPEST} deep")
    if root is None:
        raise PddlError(path, 0, "the file holds no PDDL; it starts with '(define'")
    if stack:
        raise stack[-1].error(f"'(' of {stack[-1].head or 'this'!r} is never closed")
    return root


def _read_text(path: Path) -> str:
    """Return the text of ``path`` with newline line ends and no byte order mark."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise PddlError(path, 0, f"cannot be read: {reason}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PddlError(path, line, "not UTF-8 text; save it as UTF-8") from error
    if "\0" in text:
        raise PddlError(path, 0, "not a text file: it holds zero bytes")
    return text.replace("\r\n", "\n").replace("\r", "\n")

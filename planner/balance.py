"""Balance: an order of methods in which none profits from its place.

A row for each scene; over the rows every method stands at every place, and follows
every other one, equally often.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def balanced(items: Sequence[Item]) -> list[list[Item]]:
    """Return a Williams design: n rows for an even number of items, 2 n for an odd one.

    Source: Williams 1949, doi:10.1071/CH9490149.
    """
    n = len(items)
    first = [0]  # 0, 1, n-1, 2, n-2, ...: every step between neighbours once
    for k in range(1, n):
        first.append((k + 1) // 2 if k % 2 else n - k // 2)
    rows = [[(start + step) % n for step in first] for start in range(n)]
    if n % 2 and n > 1:
        rows += [row[::-1] for row in rows]
    return [[items[i] for i in row] for row in rows]

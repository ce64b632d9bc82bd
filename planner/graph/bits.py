"""Sets of small numbers as the bits of an int: what a transitive closure is made of."""

from __future__ import annotations


def reduced(before: list[int]) -> list[list[int]]:
    """Return the transitive reduction of an order.

    Args:
        before: For each place the places that come before it, as bits; these are
            smaller numbers. Need not be transitive.

    Returns:
        For each place those before it that follow from no others, ascending.
    """
    ancestors: list[int] = []
    direct: list[list[int]] = []
    for mask in before:
        above, found = 0, []
        while mask:
            # The latest one left: no other of ``mask`` can stand behind it.
            latest = mask.bit_length() - 1
            found.append(latest)
            below = ancestors[latest] | 1 << latest
            above |= below
            mask &= ~below
        ancestors.append(above)
        direct.append(found[::-1])
    return direct

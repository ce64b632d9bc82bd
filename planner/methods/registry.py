"""The methods that can be compared, by name or by the scheme of their address.

A further method is a function that makes a ``Method`` from its name and parameters,
listed here: the command line offers it and the tests run it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from jouleplan.planner.methods.architecture import architecture
from jouleplan.planner.methods.errors import MethodError
from jouleplan.planner.methods.executives import by_option, neurosymbolic, scripted
from jouleplan.planner.methods.method import Method
from jouleplan.planner.methods.openpi import openpi
from jouleplan.planner.methods.vla import END_TO_END, GUIDED, vla
from jouleplan.skills.library import OPTIONS, STAGED
from jouleplan.skills.vla.architectures.blueprint import BLUEPRINTS

Maker = Callable[[str, Mapping[str, str]], Method]
"""Makes a method from the name that was asked for and its parameters."""

METHODS: Final[Mapping[str, Maker]] = MappingProxyType(
    {
        "neurosymbolic": neurosymbolic,
        "scripted": scripted,
        STAGED: neurosymbolic,  # so that every set of `--skills` is a method, too
        **dict.fromkeys(OPTIONS, by_option),
        **dict.fromkeys(BLUEPRINTS, architecture),
        END_TO_END: vla,
        GUIDED: vla,
    }
)
"""Name -> maker."""

SCHEMES: Final[Mapping[str, Maker]] = MappingProxyType({"openpi": openpi})
"""Scheme of an address (``scheme://host:port``) -> maker; it gets the whole address."""


def find_method(asked: str) -> Method:
    """Return the method that was asked for.

    Args:
        asked: A name, or an address, each with parameters behind a question mark:
            ``neurosymbolic?policies=mine&engine=fast-downward``.

    Raises:
        MethodError: There is no such method, or its parameters do not fit.
    """
    if "://" in asked:
        scheme = urlsplit(asked).scheme
        if scheme not in SCHEMES:
            known = ", ".join(f"{s}://" for s in SCHEMES) or "none"
            raise MethodError(
                f"method {asked!r}: no method speaks {scheme}://; schemes: {known}; "
                f"names: {', '.join(METHODS)}"
            )
        return SCHEMES[scheme](asked, parameters_of(asked))
    name = asked.partition("?")[0]
    if name not in METHODS:
        near = difflib.get_close_matches(name.lower(), METHODS, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise MethodError(f"unknown method {name!r}; {hint}There are {_offered()}.")
    return METHODS[name](asked, parameters_of(asked))


def parameters_of(asked: str) -> dict[str, str]:
    """Return what stands behind the question mark of a name or an address.

    Raises:
        MethodError: It is not ``key=value`` joined by ``&``, or a key stands twice.
    """
    text = asked.partition("?")[2]
    try:
        found = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text))
    except ValueError as error:
        raise MethodError(
            f"method {asked!r}: write its parameters as ?key=value&key=value"
        ) from error
    if len(dict(found)) < len(found):
        raise MethodError(f"method {asked!r}: a parameter is given twice")
    return dict(found)


def _offered() -> str:
    return ", ".join((*METHODS, *(f"{scheme}://..." for scheme in SCHEMES)))

"""Costs of operators from outside the domain: a text file, minimised by the planner.

```toml
version = 1
unit = "J"                       # named in answers, not interpreted
default = 1.0                    # for operators that nothing below names

[operators]
pick = 3.2
"place(disk, peg)" = 4.1         # by types of the objects
"place(d1, *)" = 2.0             # by objects; "*" is any
```

The most specific entry counts: a named object is more specific than its type, a type
more than the types above it, anything more than ``*``.

``jouleplan learn-costs`` writes such a file from a ledger, with further costs to choose
from in ``[time]`` and ``[failures]``, each with its own ``default`` and ``operators``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

from jouleplan.domains.errors import near_matches
from jouleplan.domains.language.model import (
    At,
    DomainModel,
    Effects,
    Fact,
    FunctionTerm,
    Metric,
    Number,
    Schema,
    Signature,
    TaskModel,
    Update,
)
from jouleplan.planner.errors import CostsError

ANY = "*"
_ENTRY = re.compile(r"(?P<name>[^\s(),]+)\s*(?:\((?P<arguments>[^()]*)\))?")
_KEYS = ("version", "unit", "default", "operators", "time", "failures", "learned")
MEASURES = {"energy": "J", "time": "s", "failures": "-ln p"}
"""What can be minimised -> its unit."""
_MOST_TERMS = 200_000
_TOTAL = "given-costs"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the file: arguments are objects, types or ``*``; none is any."""

    operator: str
    arguments: tuple[str, ...] | None
    cost: Fraction


@dataclass(frozen=True, slots=True)
class Costs:
    """What operators cost.

    Attributes:
        entries: In the order of the file.
        default: For operators without an entry; None where each needs one.
        unit: What is counted, for people.
        file: Where it was read from.
    """

    entries: tuple[Entry, ...]
    default: Fraction | None
    unit: str
    file: Path


def read_costs(path: Path, minimise: str | None = None) -> Costs:
    """Return the costs that a file states.

    Args:
        path: The file.
        minimise: A key of ``MEASURES``; None takes ``[operators]``, whatever its unit.

    Raises:
        CostsError: The file cannot be read or is not of the form above, or holds no
            costs of what is to be minimised.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError, RecursionError) as error:
        raise CostsError(path, f"cannot be read as TOML: {error}") from error
    for key in table:
        if key not in _KEYS:
            raise CostsError(path, f"unknown {key!r}; allowed are {', '.join(_KEYS)}")
    if table.get("version") != 1:
        given = table.get("version")
        raise CostsError(path, f"version is {given!r}; this is read: version = 1")
    unit = str(table.get("unit", ""))
    if minimise is not None:
        table, unit = _measure(path, table, unit, minimise), MEASURES[minimise]
    operators = table.get("operators", {})
    if not isinstance(operators, dict):
        raise CostsError(path, "[operators] is no table; write NAME = COST below it")
    entries = tuple(_entry(path, key, value) for key, value in operators.items())
    default = table.get("default")
    return Costs(
        entries,
        None if default is None else _cost(path, "default", default),
        unit,
        path,
    )


def _measure(
    path: Path, table: dict[str, Any], unit: str, minimise: str
) -> dict[str, Any]:
    """Return the part of the file that states the costs of ``minimise``."""
    if minimise == "energy":
        if unit != MEASURES["energy"]:
            raise CostsError(
                path, f'unit is {unit!r}, not "J": these are no joules to minimise'
            )
        return table
    found = table.get(minimise)
    if not isinstance(found, dict):
        raise CostsError(
            path,
            f"there is no table [{minimise}]; `jouleplan learn-costs` writes one",
        )
    return found


def _entry(path: Path, key: str, value: object) -> Entry:
    found = _ENTRY.fullmatch(key.strip().lower())
    if found is None:
        raise CostsError(path, f"{key!r} is no NAME or NAME(ARGUMENT, ...)")
    arguments = found["arguments"]
    words = (
        None if arguments is None else tuple(a.strip() for a in arguments.split(","))
    )
    if words == ("",):
        words = ()
    return Entry(found["name"], words, _cost(path, key, value))


def _cost(path: Path, key: str, value: object) -> Fraction:
    number = Decimal(value) if type(value) is int else value
    if isinstance(number, Decimal) and number.is_finite() and 0 <= number <= 10**12:
        return Fraction(number)
    raise CostsError(path, f"{key} = {value}: give a number from 0 to 10^12")


def with_costs(task: TaskModel, costs: Costs) -> TaskModel:
    """Return ``task`` with ``costs`` to minimise instead of its own metric.

    Raises:
        CostsError: An entry names no operator, object or type, has another number of
            arguments, or an operator has no cost.
    """
    for entry in costs.entries:
        _check(entry, task, costs.file)
    total = _free(_TOTAL, task.domain)
    functions = {**task.domain.functions, total: Signature(total)}
    numbers = {**task.problem.numbers, (total,): Fraction(0)}
    schemas = dict(task.domain.schemas)
    for name, schema in task.domain.schemas.items():
        if schema.kind not in ("action", "durative-action"):
            continue
        priced = _Priced(task, schema, costs)
        if not priced.positions:
            value: Number | FunctionTerm = Number(priced.cost(()))
        else:
            own = _free(f"{total}-of-{name}", task.domain)
            chosen = tuple(schema.parameters[i] for i in priced.positions)
            functions[own] = Signature(own, chosen)
            numbers |= {(own, *objects): cost for objects, cost in priced.table()}
            value = FunctionTerm(own, tuple(variable for variable, _ in chosen))
        update = Update("increase", FunctionTerm(total), value)
        paid = At("end", update) if schema.duration is not None else update
        schemas[name] = replace(schema, effect=Effects((schema.effect, paid)))
    return TaskModel(
        replace(task.domain, functions=functions, schemas=schemas),
        replace(
            task.problem,
            numbers=numbers,
            metric=Metric("minimize", FunctionTerm(total)),
        ),
    )


def _free(name: str, domain: DomainModel) -> str:
    while name in domain.functions or name in domain.predicates:
        name += "-x"
    return name


def _check(entry: Entry, task: TaskModel, path: Path) -> None:
    schema = task.domain.schemas.get(entry.operator)
    if schema is None:
        raise _unknown(path, "operator", entry.operator, task.domain.schemas)
    if entry.arguments is None:
        return
    if len(entry.arguments) != len(schema.parameters):
        raise CostsError(
            path,
            f"{entry.operator} takes {len(schema.parameters)} objects, "
            f"got {len(entry.arguments)}: ({', '.join(entry.arguments)})",
        )
    allowed = {ANY: None, **task.domain.types, **task.problem.objects}
    for word in entry.arguments:
        if word not in allowed:
            raise _unknown(path, "object or type", word, allowed)


def _unknown(
    path: Path, kind: str, given: str, allowed: Mapping[str, object]
) -> CostsError:
    near = near_matches(given, allowed)
    hint = f"did you mean {' or '.join(near)}?"
    if not near:
        hint = f"there are {', '.join(allowed)}"
    return CostsError(path, f"unknown {kind} {given!r}; {hint}")


class _Priced:
    """The costs of one operator, by the objects that decide them."""

    def __init__(self, task: TaskModel, schema: Schema, costs: Costs) -> None:
        self._task, self._schema, self._costs = task, schema, costs
        self._entries = [e for e in costs.entries if e.operator == schema.name]
        if costs.default is None and not any(
            e.arguments is None or set(e.arguments) <= {ANY} for e in self._entries
        ):
            raise CostsError(
                costs.file,
                f"no cost for every {schema.name}(...); add {schema.name} = COST to "
                "[operators], or default = COST",
            )
        self.positions = sorted(
            {
                i
                for entry in self._entries
                for i, word in enumerate(entry.arguments or ())
                if word != ANY
            }
        )

    def table(self) -> Iterator[tuple[Fact, Fraction]]:
        """Yield the objects at ``positions`` with their cost."""
        kinds = [self._schema.parameters[i][1] for i in self.positions]
        choices = [list(self._task.objects_of(k)) for k in kinds]
        count = 1
        for choice in choices:
            count *= len(choice)
        if count > _MOST_TERMS:
            raise CostsError(
                self._costs.file,
                f"{self._schema.name} would get {count} costs, more than "
                f"{_MOST_TERMS}; name fewer of its arguments",
            )
        for objects in product(*choices):
            yield objects, self.cost(objects)

    def cost(self, objects: tuple[str, ...]) -> Fraction:
        """Return the cost for the objects at ``positions``."""
        best, most = self._costs.default, (-1,) * (len(self.positions) + 1)
        for entry in self._entries:
            words = entry.arguments or ()
            marks = [
                self._fit(words[i] if words else ANY, name)
                for i, name in zip(self.positions, objects, strict=True)
            ]
            rank = (sum(marks), *marks)
            if -1 not in marks and rank >= most:
                best, most = entry.cost, rank
        assert best is not None
        return best

    def _fit(self, word: str, name: str) -> int:
        """Return how specific ``word`` is for an object; -1 where it does not fit."""
        if word == ANY:
            return 0
        if word == name:
            return 1000
        kinds = self._task.problem.objects[name]
        above = [self._task.domain.ancestors(kind) for kind in kinds]
        if not any(word in found for found in above):
            return -1
        return len(self._task.domain.ancestors(word))

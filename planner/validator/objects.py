"""The objects of a task by their types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from jouleplan.domains.language.model import Parameters, TaskModel, Types


class TypedObjects:
    """Objects of every alternative of types, each list made once."""

    __slots__ = ("_by_types", "_task")

    def __init__(self, task: TaskModel) -> None:
        """Look the objects of ``task`` up when they are asked for."""
        self._task = task
        self._by_types: dict[Types, dict[str, None]] = {}

    def of(self, types: Types) -> dict[str, None]:
        """Return the objects of one of ``types``, in their order, as keys."""
        found = self._by_types.get(types)
        if found is None:
            found = dict.fromkeys(self._task.objects_of(types))
            self._by_types[types] = found
        return found

    def bindings(
        self, parameters: Parameters, outer: Mapping[str, str]
    ) -> Iterator[dict[str, str]]:
        """Yield ``outer`` with all objects for ``parameters``."""
        names = [name for name, _ in parameters]
        for objects in product(*(self.of(types) for _, types in parameters)):
            yield {**outer, **dict(zip(names, objects, strict=True))}

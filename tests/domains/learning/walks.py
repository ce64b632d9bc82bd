"""Random walks through tasks: what is learned from where no arm moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from jouleplan.domains.catalogue import find_domain
from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.plan import Step
from jouleplan.domains.language.problem_file import read_problem_model
from jouleplan.domains.learning.transition import Transition
from jouleplan.planner.validator import World, apply, bound, changes_of

WALK = 10
"""Steps of a walk; the next one begins in another problem."""


def shipped_tasks(domain: str) -> dict[str, TaskModel]:
    """Return every shipped problem of a domain by its name."""
    files = find_domain(domain)
    model = read_domain_model(files.domain_pddl)
    return {
        name: TaskModel(model, read_problem_model(Path(file), model))
        for name, file in files.problems.items()
    }


def walk(task: TaskModel, steps: int, rng: np.random.Generator) -> Iterator[Transition]:
    """Yield random operators that can be carried out, one after the other."""
    world = World(task)
    for _ in range(steps):
        able = sorted(  # the order in which solutions come is not the same in each run
            (schema.name, tuple(found[name] for name, _ in schema.parameters))
            for schema in task.domain.schemas.values()
            for found in world.solutions(schema.parameters, schema.condition, {})
        )
        if not able:
            return
        name, objects = able[rng.integers(len(able))]
        schema, binding = bound(world, Step(name, objects))
        before = world.snapshot().facts
        apply(world, [changes_of(world, schema.effect, binding)])
        yield Transition(0, name, objects, before, world.snapshot().facts)


def walks(
    tasks: dict[str, TaskModel], rng: np.random.Generator
) -> Iterator[Transition]:
    """Yield transitions without end: a walk in each task, in random order, again."""
    while True:
        for name in rng.permutation(list(tasks)):
            yield from walk(tasks[name], WALK, rng)

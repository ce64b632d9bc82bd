"""Misfits: nuts that the domain would put where their hole does not let them."""

from __future__ import annotations

from collections.abc import Iterator

from jouleplan.domains.facts import TABLE
from jouleplan.domains.shapes import room
from jouleplan.planner.places import allowed_places
from jouleplan.planner.task import Task


def misfits(task: Task) -> Iterator[str]:
    """Yield a fault for every nut and place of a task that do not go together.

    Args:
        task: With its binding; its static atoms say which places a nut is given.
    """
    bodies = task.binding.bodies
    for name, body in bodies.items():
        if body.form is None or not body.form.hole:
            continue
        places = allowed_places(name, task.domain, task.problem, task.binding)
        for place in places:
            form = None if place == TABLE else bodies[place].form
            if place == TABLE or (form and form.post and room(body.form, form) > 0):
                continue
            what = f"a post {form.post} m wide" if form and form.post else "no post"
            yield (
                f"{name} may be put over {place}, but its hole is {body.form.hole} m "
                f"wide and {place} is {what}: change their measures in domain.toml, or "
                "what `:init` or the operator's types say of them"
            )

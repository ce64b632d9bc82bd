"""Writing models back to text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jouleplan.domains.language.model import DomainModel, ProblemModel, TaskModel
from jouleplan.domains.language.names import plain_names
from jouleplan.domains.language.plan import Step, read_plan
from jouleplan.domains.language.write import task_text
from tests.domains.language.texts import ADL_DOMAIN, ADL_PROBLEM, PAIRS, task_of


def _plain(task: TaskModel) -> tuple[DomainModel, ProblemModel]:
    """Return models without what only tells where something stood."""
    schemas = {n: replace(s, line=0) for n, s in task.domain.schemas.items()}
    domain = replace(
        task.domain,
        schemas=schemas,
        features=dict.fromkeys(task.domain.features, 0),
        requirements=frozenset(),
        notes=(),
    )
    features = dict.fromkeys(task.problem.features, 0)
    return domain, replace(task.problem, features=features, notes=())


@pytest.mark.parametrize("pair", PAIRS, ids=["adl", "time", "preferences"])
def test_what_is_written_reads_back_the_same(
    tmp_path: Path, pair: tuple[str, str]
) -> None:
    task = task_of(tmp_path, *pair)
    assert _plain(task_of(tmp_path, *task_text(task))) == _plain(task)


def test_shared_and_odd_names_get_plain_spellings_and_come_back(
    tmp_path: Path,
) -> None:
    problem = ADL_PROBLEM.replace(" a b - disk", " a b near 1st x.y - disk")
    task = task_of(tmp_path, ADL_DOMAIN, problem)
    names = plain_names(task)
    spelt = [names.objects.get(name, name) for name in task.problem.objects]
    assert all(name[0].isalpha() and "." not in name for name in spelt)
    assert len({*spelt, *task.domain.predicates}) == len(spelt) + 5
    assert task_of(tmp_path, *task_text(task, names)).features == task.features
    step = Step("move", tuple(spelt))
    assert names.original((step,))[0].objects == tuple(task.problem.objects)


def test_plan_files_are_read_with_and_without_times() -> None:
    text = "; cost = 2\n(Move A  b)\n 0.50: (drive t1) [3]\n\nnot a step\n"
    assert read_plan(text) == (
        Step("move", ("a", "b")),
        Step("drive", ("t1",), read_plan("0.5: (x) [3]")[0].start, 3),  # type: ignore[arg-type]
    )


def test_steps_print_as_plan_files_do() -> None:
    (step,) = read_plan("0.5: (drive t1 a) [3]")
    assert str(step) == "0.500: drive(t1, a) [3.000]"
    assert read_plan(step.pddl) == (step,)

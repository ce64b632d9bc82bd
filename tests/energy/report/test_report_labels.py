"""Labels of a report: which episodes of a method are one line, and its name."""

from __future__ import annotations

from jouleplan.energy.report.document import Report
from tests.energy.report.episodes import Build, Episodes, only


def test_setting_that_older_episodes_lack_is_called_not_recorded(build: Build) -> None:
    path = build(
        Episodes("a", [3.0], [True], settings={"replan": 2}),
        Episodes("a", [3.0], [True], first=9, settings={"replan": 2, "guide": "v2"}),
    )
    labels = {line.label for line in only(Report.of(path)).block.lines}
    assert labels == {"a (no guide recorded)", "a (guide=v2)"}


def test_settings_that_differ_keep_episodes_of_a_method_apart(build: Build) -> None:
    path = build(
        Episodes("a", [3.0], [True], settings={"disturb": 0.0}),
        Episodes("a", [9.0], [True], settings={"disturb": 0.1}),
    )
    labels = [line.label for line in only(Report.of(path)).block.lines]
    assert labels == ["a (disturb=0.0)", "a (disturb=0.1)"]


def test_settings_of_a_method_say_what_differs(build: Build) -> None:
    path = build(
        Episodes("a", [3.0], [True], settings={"method": {"policies": "old", "x": 1}}),
        Episodes("a", [9.0], [True], settings={"method": {"policies": "new", "x": 1}}),
    )
    labels = [line.label for line in only(Report.of(path)).block.lines]
    assert labels == ["a (policies=old)", "a (policies=new)"]


def test_files_that_differ_by_problem_leave_a_method_one(build: Build) -> None:
    path = build(
        Episodes("a", [3.0], [True], settings={"files": "1"}),
        Episodes("a", [9.0], [True], problem="p04", settings={"files": "2"}),
    )
    line = only(Report.of(path)).block.lines[0]
    assert (line.label, line.n) == ("a", 2)


def test_files_that_differ_in_one_problem_keep_episodes_apart(build: Build) -> None:
    path = build(
        Episodes("a", [3.0], [True], settings={"files": "1"}),
        Episodes("a", [9.0], [True], settings={"files": "2"}),
    )
    labels = [line.label for line in only(Report.of(path)).block.lines]
    assert labels == ["a (files=1)", "a (files=2)"]


def test_two_methods_with_one_label_stay_two(build: Build) -> None:
    path = build(
        Episodes("a", [3.0], [True], label="same", training=()),
        Episodes("b", [9.0], [True], label="same", training=()),
    )
    labels = [line.label for line in only(Report.of(path)).block.lines]
    assert labels == ["same [a]", "same [b]"]

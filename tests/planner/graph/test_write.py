"""Files that graphs are written to."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest

from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.plan import Plan, Step
from jouleplan.planner.errors import PlannerError
from jouleplan.planner.graph import GraphFormatError, plan_graph, write_graph
from jouleplan.planner.graph.picture import picture
from tests.planner.graph.tasks import cellar, hanoi, shop

Rectangle = tuple[float, float, float, float]
SVG = "{http://www.w3.org/2000/svg}"


def _boxes(svg: str) -> list[Rectangle]:
    root = ElementTree.fromstring(svg)
    found = []
    for rect in root.iter(f"{SVG}rect"):
        if rect.get("class") != "paper":
            sides = [float(rect.get(name, 0)) for name in ("x", "y", "width", "height")]
            found.append((sides[0], sides[1], sides[2], sides[3]))
    return found


def _overlap(one: Rectangle, two: Rectangle) -> bool:
    return all(
        one[axis] < two[axis] + two[axis + 2] and two[axis] < one[axis] + one[axis + 2]
        for axis in (0, 1)
    )


def _written(path: Path, task: TaskModel, plan: Plan) -> str:
    write_graph(path, task, plan)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("task", "plan"),
    [hanoi(1), hanoi(3), hanoi(5), hanoi(8), shop(1), shop(15), shop(100), cellar()],
    ids=["h1", "h3", "h5", "h8", "s1", "s15", "s100", "cellar"],
)
def test_boxes_do_not_overlap_and_lie_in_the_picture(
    tmp_path: Path, task: TaskModel, plan: Plan
) -> None:
    svg = _written(tmp_path / "graph.svg", task, plan)
    boxes = sorted(_boxes(svg))
    root = ElementTree.fromstring(svg)
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    assert len(boxes) >= len(plan)
    for at, one in enumerate(boxes):
        assert one[0] >= 0
        assert one[0] + one[2] <= width
        assert one[1] + one[3] <= height
        for two in boxes[at + 1 :]:
            if two[0] > one[0] + one[2]:
                break
            assert not _overlap(one, two)


def test_long_plan_is_set_in_columns(tmp_path: Path) -> None:
    root = ElementTree.fromstring(_written(tmp_path / "graph.svg", *hanoi(8)))
    share = float(root.get("width", 0)) / float(root.get("height", 0))
    assert 0.7 < share < 3


def test_picture_is_light_and_dark(tmp_path: Path) -> None:
    svg = _written(tmp_path / "graph.svg", *hanoi(3))
    assert "prefers-color-scheme:dark" in svg
    assert "State space: 27 states" in svg
    assert "critical path 7 steps" in svg


def test_picture_says_why_there_is_no_state_space(tmp_path: Path) -> None:
    svg = _written(tmp_path / "graph.svg", *shop(20))
    assert "No state space: more than 2000 states can be reached." in svg


def test_hostile_names_are_escaped() -> None:
    task, plan = shop(1)
    graph = plan_graph(task, plan)
    hostile = "<script>alert('&\"')</script>\x00"
    graph.graph["task"] = hostile
    graph.nodes[0].update(label=hostile, operator=hostile, objects=[hostile])
    for _, _, data in graph.edges(data=True):
        data["fact"] = hostile
    states = nx.DiGraph(path=[0, 1])
    for node in (0, 1):
        kinds = {"initial": False, "goal": False, "visits": [node], "layer": node}
        states.add_node(node, facts=hostile, **kinds)
    states.add_edge(0, 1, operators=[hostile], plan=True)
    svg = picture(graph, states, hostile)
    assert not list(ElementTree.fromstring(svg).iter(f"{SVG}script"))
    assert "<script" not in svg
    assert "\x00" not in svg


def test_json_is_node_link_data(tmp_path: Path) -> None:
    task, plan = hanoi(3)
    data = json.loads(_written(tmp_path / "graph.json", task, plan))
    graph = nx.node_link_graph(data, edges="links")
    assert set(graph) == {"init", *range(7), "goal"}
    assert data["graph"]["task"] == "towers"
    assert data["graph"]["length"] == data["graph"]["parallel_length"] == 7
    assert data["graph"]["critical_path"] == list(range(7))
    assert data["plan"][0] == "(move d1 d2 p3)"
    assert data["links"][0]["kind"] == "causal"
    assert len(data["state_space"]["nodes"]) == 27


def test_json_says_why_there_is_no_state_space(tmp_path: Path) -> None:
    data = json.loads(_written(tmp_path / "graph.json", *cellar()))
    assert data["state_space"] is None
    assert "durative" in data["state_space_note"]
    assert data["nodes"][1]["duration"] == 5


def test_graphml_is_read_back(tmp_path: Path) -> None:
    task, plan = shop(2)
    written = write_graph(tmp_path / "graph.graphml", task, plan)
    graph = nx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True)
    assert len(graph) == len(written)
    assert len(graph.edges) == len(written.edges)
    assert graph.nodes["0"]["objects"] == "piece0"
    assert graph.nodes["0"]["cost"] == 2.0


def test_other_suffix_is_refused_with_the_allowed_ones(tmp_path: Path) -> None:
    task, plan = shop(1)
    for name in ("graph.png", "graph"):
        with pytest.raises(GraphFormatError, match=re.escape(".svg, .json, .graphml")):
            write_graph(tmp_path / name, task, plan)
    assert issubclass(GraphFormatError, PlannerError)
    assert issubclass(GraphFormatError, ValueError)


def test_file_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        write_graph(tmp_path / "missing" / "graph.svg", *shop(1))


def test_same_plan_gives_the_same_picture(tmp_path: Path) -> None:
    first = _written(tmp_path / "one.svg", *hanoi(4))
    assert first == _written(tmp_path / "two.svg", *hanoi(4))


def test_times_are_drawn_on_an_axis() -> None:
    task, plan = cellar()
    later = tuple(
        Step(
            step.operator, step.objects, (step.start or 0) + Fraction(2), step.duration
        )
        for step in plan
    )
    near = _boxes(picture(plan_graph(task, plan), None))
    far = _boxes(picture(plan_graph(task, later), None))
    assert near[0][0] < far[0][0]
    assert near[0][2] > near[1][2]

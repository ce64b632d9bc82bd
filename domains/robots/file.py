"""File: the URDF of an arm as pybullet_data ships it, or with another hand put on."""

from __future__ import annotations

import contextlib
import copy
import os
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from importlib.util import find_spec

from jouleplan.domains.robots.model import Mount, RobotModel

_PACKAGE = "package://"


def data_folder() -> str:
    """Return the folder of pybullet_data, without importing the package's gym parts."""
    spec = find_spec("pybullet_data")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return spec.submodule_search_locations[0]


@contextlib.contextmanager
def urdf_of(model: RobotModel) -> Iterator[str]:
    """Yield the path of a URDF that holds the arm with its hand.

    A hand that is put on makes a temporary file, removed afterwards.
    """
    file = os.path.join(data_folder(), model.file)
    if model.hand is None:
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="jouleplan-") as folder:
        path = os.path.join(folder, f"{model.name}.urdf")
        mounted(file, model.hand).write(path)
        yield path


def mounted(arm: str, hand: Mount) -> ET.ElementTree[ET.Element]:
    """Return the URDF of ``arm`` with ``hand`` fixed to it, its meshes' paths whole.

    Args:
        arm: Path of the arm's URDF.
        hand: What is put on.
    """
    tree = _read(arm)
    robot = tree.getroot()
    joint = ET.SubElement(robot, "joint", name=f"{hand.root}_mount", type="fixed")
    ET.SubElement(joint, "parent", link=hand.flange)
    ET.SubElement(joint, "child", link=hand.root)
    at = " ".join(map(str, hand.at))
    ET.SubElement(joint, "origin", xyz=at, rpy=f"0 0 {hand.turn}")
    robot.extend(_branch(_read(os.path.join(data_folder(), hand.file)), hand.root))
    return tree


def _read(file: str) -> ET.ElementTree[ET.Element]:
    """Read a URDF of pybullet_data, with absolute paths of its meshes."""
    tree = ET.parse(file)
    for mesh in tree.getroot().iter("mesh"):
        name = mesh.get("filename", "").removeprefix(_PACKAGE)
        mesh.set("filename", os.path.join(os.path.dirname(file), name))
    return tree


def _branch(tree: ET.ElementTree[ET.Element], root: str) -> list[ET.Element]:
    """Return the materials, and the links and joints from link ``root`` outwards."""
    every = tree.getroot()
    found, links = list(every.findall("material")), [root]
    for name in links:
        found += [link for link in every.findall("link") if link.get("name") == name]
        for joint in every.findall("joint"):
            parent, child = joint.find("parent"), joint.find("child")
            assert parent is not None
            assert child is not None
            if parent.get("link") == name:
                found.append(joint)
                links.append(child.get("link", ""))
    return copy.deepcopy(found)

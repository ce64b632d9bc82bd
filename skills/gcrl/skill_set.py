"""Skill sets: what carries out ``pick`` and ``place``, by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.skill_call import SkillCall
from jouleplan.skills.errors import PolicyFileError
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.option import Option
from jouleplan.skills.gcrl.option_state import OBSERVATION_SIZE, SPACE
from jouleplan.skills.library import STAGED, option_file
from jouleplan.skills.registry import SKILLS
from jouleplan.skills.skill import Skill, SkillResult, Workspace


def skill_set(
    name: str, folder: Path | None = None, robot: str = PANDA.name
) -> Mapping[str, Skill]:
    """Return skill -> what carries it out.

    Args:
        name: One of ``SKILL_SETS``. All but ``rl`` replace pick and place by an option.
        folder: Where the option's file is looked for before the shipped ones.
        robot: Name of the arm; options are trained for the Panda alone.

    Raises:
        PolicyFileError: The option is unknown, missing, damaged, or of another arm.
    """
    if name == STAGED:
        return SKILLS
    if robot != PANDA.name:
        raise PolicyFileError(
            f"--skills {name} with --robot {robot}: options are trained for the "
            f"{PANDA.name}; take {STAGED}, or leave --robot out"
        )
    return option_skills(option_network(option_file(name, folder)))


def option_network(file: Path) -> OptionNetwork:
    """Return the network of an option.

    Raises:
        PolicyFileError: The file is missing, damaged, or of another shape.
    """
    return OptionNetwork(file, OBSERVATION_SIZE, SPACE.input_size)


def option_skills(network: OptionNetwork) -> Mapping[str, Skill]:
    """Return the skills with pick and place by an option."""
    option = Option(network)
    own = {"pick": option.pick, "place": option.place}
    return {**SKILLS, **{name: _boxes_by(own[name], SKILLS[name]) for name in own}}


def _boxes_by(option: Skill, usual: Skill) -> Skill:
    """Return a skill of all bodies; options know boxes, and leave nuts alone."""

    def carry_out(workspace: Workspace, call: SkillCall) -> SkillResult:
        box = workspace.scene.bodies[call.object].form is None
        return (option if box else usual)(workspace, call)

    return carry_out

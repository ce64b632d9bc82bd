"""Skill sets: what carries out the skills that move a body, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from jouleplan.domains.robots.panda import PANDA
from jouleplan.domains.skill_call import SkillCall
from jouleplan.skills.errors import PolicyFileError
from jouleplan.skills.gcrl.calibration import read_calibration
from jouleplan.skills.gcrl.network import OptionNetwork
from jouleplan.skills.gcrl.option import Option
from jouleplan.skills.gcrl.option_state import OBSERVATION_SIZE, SPACE
from jouleplan.skills.library import STAGED, card, option_file
from jouleplan.skills.registry import SKILLS
from jouleplan.skills.skill import Skill, SkillResult, Workspace


def skill_set(
    name: str, folder: Path | None = None, robot: str = PANDA.name
) -> Mapping[str, Skill]:
    """Return skill -> what carries it out.

    Args:
        name: One of ``SKILL_SETS``. All but ``rl`` replace pick, place and move by an
            option.
        folder: Where the option's file is looked for before the shipped ones.
        robot: Name of the arm; options are trained for the Panda alone.

    Raises:
        PolicyFileError: The option is unknown, missing, damaged, or of another arm.
    """
    if name == STAGED:
        return SKILLS
    if robot != PANDA.name:
        raise PolicyFileError(
            f"skills {name} with --robot {robot}: options are trained for the "
            f"{PANDA.name}; take {STAGED} (--skills, or by in domain.toml), or leave "
            "--robot out"
        )
    return option_skills(option_network(option_file(name, folder)))


def skills_by_call(
    names: Sequence[str], folder: Path | None = None, robot: str = PANDA.name
) -> Mapping[str, Skill]:
    """Return skill -> what carries out each call by the set that the call names.

    Args:
        names: Sets of ``SKILL_SETS``; the first is that of calls that name none.
        folder: As of ``skill_set``.
        robot: As of ``skill_set``.

    Raises:
        PolicyFileError: An option is unknown, missing, damaged, or of another arm.
    """
    sets = {name: skill_set(name, folder, robot) for name in names}
    usual = sets[names[0]]
    if len(sets) == 1:
        return usual

    def by_call(skill: str) -> Skill:
        def carry_out(workspace: Workspace, call: SkillCall) -> SkillResult:
            own = usual if call.by is None else sets[call.by]
            return own[skill](workspace, call)

        return carry_out

    return {skill: by_call(skill) for skill in usual}


def option_network(file: Path) -> OptionNetwork:
    """Return the network of an option.

    Raises:
        PolicyFileError: The file is missing, damaged, or of another shape.
    """
    return OptionNetwork(file, OBSERVATION_SIZE, SPACE.input_size)


def option_skills(network: OptionNetwork) -> Mapping[str, Skill]:
    """Return the skills with pick, place and move by an option.

    Raises:
        PolicyFileError: The card beside the network is damaged.
    """
    file = network.path
    option = Option(network, read_calibration(card(file.stem, file.parent)))
    own = {"pick": option.pick, "place": option.place, "move": option.move}
    return {**SKILLS, **{name: _boxes_by(own[name], SKILLS[name]) for name in own}}


def _boxes_by(option: Skill, usual: Skill) -> Skill:
    """Return a skill of all bodies; options know boxes, and leave nuts alone."""

    def carry_out(workspace: Workspace, call: SkillCall) -> SkillResult:
        box = workspace.scene.bodies[call.object].form is None
        return (option if box else usual)(workspace, call)

    return carry_out

"""Skill sets: what may carry out the skills that move, by name."""

from typing import Final

SKILL_SETS: Final = ("rl", "gcrl-flat", "gcrl-hierarchical")
"""Policies of stages, or one option, flat or hierarchical.

Here, apart from the skills, so that the command line can name them and load nothing.
"""

"""Robot model: what one arm is, in numbers; the same ``Robot`` drives them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Joints = tuple[float, ...]
Point = tuple[float, float, float]


class Stroke(Protocol):
    """How a gripper's joints and its opening belong together."""

    def opening(self, positions: Sequence[float]) -> float:
        """Return the gap between the pads [m] at the two joints' positions."""
        ...

    def position(self, opening: float) -> float:
        """Return the position of each joint [rad] or [m] for a gap [m]."""
        ...


@dataclass(frozen=True, slots=True)
class Gripper:
    """Two parallel fingers that a motor each closes, coupled so that both move alike.

    Attributes:
        links: The left and the right finger: what touches a body.
        joints: One a finger, geared so that their positions stay equal.
        followers: Joint -> which of ``joints`` its motor follows, 0 or 1: bars that a
            real hand couples.
        stroke: Positions of the joints <-> opening.
        force: Most that a finger's motor gives [N] or [N m].
        speed: Fastest that it moves [m/s] or [rad/s].
        still: A finger slower than this is at rest [m/s] or [rad/s].
        inertia: Given to the links of all these joints [kg m2]; 0 keeps the file's.
            Links of a few grams between motors shake the solver.
    """

    links: tuple[int, int]
    joints: tuple[int, int]
    followers: Mapping[int, int]
    stroke: Stroke
    force: float
    speed: float
    still: float
    inertia: float


@dataclass(frozen=True, slots=True)
class Mount:
    """A hand of another file, fixed to an arm's flange.

    Attributes:
        file: URDF that holds the hand, within pybullet_data.
        root: The hand's first link; it and all that hangs on it are taken.
        flange: Link of the arm that it is fixed to.
        at: Where, in the flange's frame [m].
        turn: About the flange's z axis [rad].
    """

    file: str
    root: str
    flange: str
    at: Point
    turn: float


@dataclass(frozen=True, slots=True)
class RobotModel:
    """An arm with its hand.

    The end effector's z axis points out of the hand and its y axis along the fingers'
    motion. It lies 11 mm above the fingertips, so that policies serve every arm. Links
    and joints are known by their index in the loaded file.

    Attributes:
        name: What ``--robot`` calls it.
        title: What people call it.
        file: URDF within pybullet_data.
        hand: Fixed to the arm when it is loaded; None where the file holds one.
        base: Where the arm stands [m]; its height is that of a pedestal.
        foot: Links that pass through what the arm stands on.
        arm: Its joints, from the base outwards.
        forces: Most that each joint's motor gives [N m], as in the URDF.
        gain: Of the motors' positions: the share of an error that they try to make up
            in a sub-step. Weak motors with a high one overshoot.
        low: Lower limits [rad].
        high: Upper limits [rad].
        rest: Posture that the arm is pulled to [rad]; seven joints leave it the choice.
        ee_link: Link that carries the end effector.
        ee_offset: End effector in that link's frame [m].
        gripper: Its fingers.
        opening_m: Distance between the open fingers [m].
        home: Where the hand waits [m].
        forearm: Links between elbow and flange that another swing of the elbow moves;
            empty where there is no choice.
        forearm_above_m: With its elbow at rest the forearm is at least this far above
            the end effector [m].
        payload_kg: What the maker lets it carry, less the hand [kg].
        reach_m: The hand reaches this far from the origin, looking down, at every
            height in use (2 to 50 cm) [m].
    """

    name: str
    title: str
    file: str
    hand: Mount | None
    base: Point
    foot: tuple[int, ...]
    arm: tuple[int, ...]
    forces: Joints
    gain: float
    low: Joints
    high: Joints
    rest: Joints
    ee_link: int
    ee_offset: Point
    gripper: Gripper
    opening_m: float
    home: Point
    forearm: tuple[int, ...]
    forearm_above_m: float
    payload_kg: float
    reach_m: float

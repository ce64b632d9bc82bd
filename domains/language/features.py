"""What a PDDL task may use beyond STRIPS with types; engines are refused by these."""

from __future__ import annotations

from enum import StrEnum


class Feature(StrEnum):
    """A feature of PDDL, by the name that people read.

    STRIPS with types, type hierarchies, constants and ``and`` is no feature: every
    engine takes it.
    """

    NEGATIVE = "negative preconditions (not)"
    NEGATIVE_GOAL = "negative goals (not)"
    EQUALITY = "equality (=)"
    EITHER = "types of several alternatives (either)"
    DISJUNCTION = "disjunctive conditions (or, imply)"
    EXISTS = "existential conditions (exists)"
    FORALL = "universal conditions (forall)"
    CONDITIONAL_EFFECT = "conditional effects (when)"
    UNIVERSAL_EFFECT = "universal effects (forall)"
    DERIVED = "derived predicates (:derived)"
    COSTS = "action costs (:metric)"
    STATE_COSTS = "action costs that depend on the state"
    NUMBERS = "numeric fluents (:functions)"
    NONLINEAR = "numeric expressions that are not linear"
    MAXIMIZE = "metrics to maximize"
    OTHER_METRIC = "metrics other than action costs or time"
    DURATIVE = "durative actions (:durative-action)"
    DURATION_CHOICE = "durations to choose (duration inequalities)"
    STATE_DURATION = "durations that depend on the state"
    CONTINUOUS = "continuous effects (#t)"
    TIMED = "timed initial literals (at TIME ...)"
    CONSTRAINTS = "trajectory constraints (:constraints)"
    PREFERENCES = "preferences (preference)"
    PRECONDITION_PREFERENCES = "preferences in preconditions"
    OBJECT_FLUENTS = "object fluents (functions of a type other than number)"
    PROCESSES = "processes (:process)"
    EVENTS = "events (:event)"
    PROBABILITY = "probabilistic effects (probabilistic)"
    OBSERVATION = "sensing and unknown facts (:observe, oneof, unknown)"
    METHODS = "hierarchical tasks (:task, :method)"

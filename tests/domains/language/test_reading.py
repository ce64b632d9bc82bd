"""Reading the whole language: what is accepted, recorded, and refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from jouleplan.domains.errors import PddlError
from jouleplan.domains.language.features import Feature
from jouleplan.domains.language.model import (
    TRUE,
    Compare,
    Forall,
    FunctionTerm,
    Not,
    Number,
    Or,
    TimedChange,
)
from jouleplan.domains.language.walk import condition_parts
from tests.domains.language.texts import (
    ADL_DOMAIN,
    ADL_PROBLEM,
    PREFERENCE_DOMAIN,
    PREFERENCE_PROBLEM,
    TIME_DOMAIN,
    TIME_PROBLEM,
    task_of,
)


def test_features_are_those_that_are_used(tmp_path: Path) -> None:
    assert task_of(tmp_path, ADL_DOMAIN, ADL_PROBLEM).features == {
        Feature.COSTS,
        Feature.DERIVED,
        Feature.EITHER,
        Feature.EQUALITY,
        Feature.NEGATIVE,
        Feature.NEGATIVE_GOAL,
        Feature.DISJUNCTION,
        Feature.EXISTS,
        Feature.FORALL,
        Feature.CONDITIONAL_EFFECT,
        Feature.UNIVERSAL_EFFECT,
        Feature.NUMBERS,
    }
    assert task_of(tmp_path, TIME_DOMAIN, TIME_PROBLEM).features == {
        Feature.DURATIVE,
        Feature.DURATION_CHOICE,
        Feature.CONTINUOUS,
        Feature.TIMED,
        Feature.NUMBERS,
    }
    assert task_of(tmp_path, PREFERENCE_DOMAIN, PREFERENCE_PROBLEM).features == {
        Feature.NEGATIVE,
        Feature.CONSTRAINTS,
        Feature.PREFERENCES,
        Feature.OTHER_METRIC,
    }


def test_a_condition_is_held_as_it_is_meant(tmp_path: Path) -> None:
    task = task_of(tmp_path, ADL_DOMAIN, ADL_PROBLEM)
    parts = list(condition_parts(task.domain.schemas["move"].condition))
    kinds = {type(part) for part in parts}
    assert {Or, Not, Forall, Compare} <= kinds
    (comparison,) = (part for part in parts if isinstance(part, Compare))
    assert comparison.left == FunctionTerm("fuel")


def test_numbers_are_exact(tmp_path: Path) -> None:
    task = task_of(tmp_path, ADL_DOMAIN, ADL_PROBLEM)
    assert task.problem.numbers["fuel",] == Fraction(21, 2)
    assert task.problem.numbers["dist", "p", "hub"] == 2


def test_what_happens_by_the_clock_is_held_with_its_time(tmp_path: Path) -> None:
    (timed,) = task_of(tmp_path, TIME_DOMAIN, TIME_PROBLEM).problem.timed
    assert isinstance(timed, TimedChange)
    assert timed.time == 15


def test_nested_conjunctions_and_double_negations_are_flat(tmp_path: Path) -> None:
    plain = task_of(tmp_path, ADL_DOMAIN, ADL_PROBLEM)
    text = ADL_DOMAIN.replace(
        "(on ?x ?from) (not (near", "(and (and (not (not (on ?x ?from))))) (not (near"
    )
    nested = task_of(tmp_path, text, ADL_PROBLEM)
    assert nested.domain.schemas == plain.domain.schemas


def test_a_name_may_be_shared_by_an_object_a_type_and_a_predicate(
    tmp_path: Path,
) -> None:
    problem = ADL_PROBLEM.replace(" a b - disk", " a b near disk - disk")
    assert "near" in task_of(tmp_path, ADL_DOMAIN, problem).problem.objects


def test_a_type_may_be_glued_to_its_dash(tmp_path: Path) -> None:
    problem = ADL_PROBLEM.replace("a b - disk", "a b -disk")
    assert task_of(tmp_path, ADL_DOMAIN, problem).problem.objects["a"] == ("disk",)


def test_requirements_that_are_not_stated_are_noted(tmp_path: Path) -> None:
    text = ADL_DOMAIN.replace(":adl :derived-predicates", ":strips")
    task = task_of(tmp_path, text, ADL_PROBLEM)
    assert any("lacks :derived-predicates" in note for note in task.domain.notes)
    assert any("lacks :typing" in note for note in task.domain.notes)


def test_objects_of_a_type_are_those_of_the_types_below(tmp_path: Path) -> None:
    task = task_of(tmp_path, ADL_DOMAIN, ADL_PROBLEM)
    assert list(task.objects_of(("place",))) == ["hub", "a", "b", "p"]
    assert list(task.objects_of(("peg",))) == ["hub", "p"]


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("(:functions (f ?x) - block)", Feature.OBJECT_FLUENTS),
        ("(:task t :parameters ())", Feature.METHODS),
        (
            "(:action a :parameters () :effect (probabilistic 0.5 (p)))",
            Feature.PROBABILITY,
        ),
        ("(:action a :parameters () :observe (p))", Feature.OBSERVATION),
        ("(:process w :parameters () :effect (p))", Feature.PROCESSES),
        ("(:event e :parameters () :effect (p))", Feature.EVENTS),
    ],
)
def test_what_no_engine_takes_is_a_feature_not_a_fault(
    tmp_path: Path, text: str, feature: Feature
) -> None:
    domain = f"(define (domain d) (:types block) (:predicates (p)) {text})"
    problem = "(define (problem q) (:domain d) (:init) (:goal (p)))"
    assert feature in task_of(tmp_path, domain, problem).features


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("(on ?x ?from) (not", "(on ?to ?x) (not", 12, "?to is of type place"),
        ("(forall (?o - disk) (not (on", "(forall (?o) (not (on", 15, "of type object"),
        ("(>= (fuel) (dist", "(>= (fule) (dist", 13, "did you mean fuel"),
        ("(>= (fuel) (dist ?from ?to))", "(>= (fuel))", 13, "takes 2 arguments"),
        ("(decrease (fuel)", "(decrease (idle)", 16, "unknown function 'idle'"),
        ("(when (tag ?o) (not (tag ?o)))", "(when (tag ?o))", 17, "two parts"),
        ("(imply (idle) (near ?from ?to))", "(imply (idle))", 14, "two conditions"),
        ("(:derived (above", "(:derived (upon", 8, "unknown predicate 'upon'"),
        ("(on ?x ?to) (not (on", "(above ?x ?to) (not (on", 8, "which is derived"),
        ("(fuel) - number", "(near) - number", 1, "both a predicate and a function"),
        ("(* 2 (dist ?from ?to))", "(* 2)", 18, "takes 2 numbers"),
        ("(idle) (near ?a", "(at start (idle)) (near ?a", 5, "is no variable"),
    ],
)
def test_faults_of_a_domain_are_named_with_their_line(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    with pytest.raises(PddlError) as caught:
        task_of(tmp_path, ADL_DOMAIN.replace(old, new, 1), ADL_PROBLEM)
    assert reason in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("(at start (at ?t ?a))", "(at ?t ?a)", "must say when it holds"),
        ("(at end (at ?t ?b))", "(at ?t ?b)", "must say when it happens"),
        ("(>= ?duration (length ?a ?b))", "(open)", "expected (= ?duration"),
    ],
)
def test_faults_of_time_are_named(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    with pytest.raises(PddlError) as caught:
        task_of(tmp_path, TIME_DOMAIN.replace(old, new, 1), TIME_PROBLEM)
    assert reason in str(caught.value)


def test_a_derived_predicate_that_negates_itself_is_refused(tmp_path: Path) -> None:
    text = ADL_DOMAIN.replace("(or (on ?x ?y)", "(or (not (above ?x ?y))")
    with pytest.raises(PddlError, match="its own negation"):
        task_of(tmp_path, text, ADL_PROBLEM)


def test_two_values_of_a_number_are_refused(tmp_path: Path) -> None:
    text = ADL_PROBLEM.replace("(= (fuel) 10.5)", "(= (fuel) 10.5) (= (fuel) 9)")
    with pytest.raises(PddlError, match="two values"):
        task_of(tmp_path, ADL_DOMAIN, text)


def test_a_task_without_constraints_has_true_ones(tmp_path: Path) -> None:
    task = task_of(tmp_path, ADL_DOMAIN, ADL_PROBLEM)
    assert task.domain.constraints == TRUE
    assert Number(Fraction(1)) != Number(Fraction(2))


def test_connectives_nested_beyond_reason_are_refused(tmp_path: Path) -> None:
    deep = "(or (idle) " * 2000 + "(idle)" + ")" * 2000
    text = ADL_DOMAIN.replace("(imply (idle) (near ?from ?to))", deep)
    with pytest.raises(PddlError, match="nested more than"):
        task_of(tmp_path, text, ADL_PROBLEM)

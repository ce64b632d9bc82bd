"""A domain and a problem that use nearly everything, and reading of texts."""

from __future__ import annotations

from pathlib import Path

from jouleplan.domains.language.domain_file import read_domain_model
from jouleplan.domains.language.model import TaskModel
from jouleplan.domains.language.problem_file import read_problem_model

ADL_DOMAIN = """(define (domain d)
  (:requirements :adl :derived-predicates :numeric-fluents :action-costs)
  (:types disk peg - place place)
  (:constants hub - peg)
  (:predicates (on ?x - disk ?y - place) (idle) (near ?a ?b - place)
               (above ?x - disk ?y - place) (tag ?x - (either disk peg)))
  (:functions (dist ?a ?b - place) (fuel) - number (total-cost) - number)
  (:derived (above ?x - disk ?y - place)
    (or (on ?x ?y) (exists (?z - disk) (and (on ?x ?z) (above ?z ?y)))))
  (:action move
    :parameters (?x - disk ?from ?to - place)
    :precondition (and (on ?x ?from) (not (near ?to hub)) (not (= ?from ?to))
                       (>= (fuel) (dist ?from ?to))
                       (imply (idle) (near ?from ?to))
                       (forall (?o - disk) (not (on ?o ?x))))
    :effect (and (on ?x ?to) (not (on ?x ?from)) (decrease (fuel) (dist ?from ?to))
                 (forall (?o - disk) (when (tag ?o) (not (tag ?o))))
                 (increase (total-cost) (+ 1 (* 2 (dist ?from ?to)))))))
"""
ADL_PROBLEM = """(define (problem q)
  (:domain d)
  (:objects a b - disk p - peg)
  (:init (on a p) (idle) (near p hub) (= (fuel) 10.5) (= (dist p hub) 2)
         (= (total-cost) 0) (tag a))
  (:goal (and (above a hub) (exists (?x - disk) (not (tag ?x)))))
  (:metric minimize (total-cost)))
"""
TIME_DOMAIN = """(define (domain t)
  (:requirements :durative-actions :typing :duration-inequalities)
  (:types truck place)
  (:predicates (at ?t - truck ?p - place) (open))
  (:functions (level ?t - truck) (length ?a ?b - place))
  (:durative-action drive
    :parameters (?t - truck ?a ?b - place)
    :duration (and (>= ?duration (length ?a ?b)) (<= ?duration 20))
    :condition (and (at start (at ?t ?a)) (over all (open))
                    (at end (>= (level ?t) 1)))
    :effect (and (at start (not (at ?t ?a))) (at end (at ?t ?b))
                 (decrease (level ?t) (* #t 0.5)))))
"""
TIME_PROBLEM = """(define (problem q) (:domain t)
  (:objects t1 - truck a b - place)
  (:init (at t1 a) (open) (= (level t1) 9) (= (length a b) 4) (at 15 (not (open))))
  (:goal (at t1 b))
  (:metric minimize (total-time)))
"""
PREFERENCE_DOMAIN = """(define (domain d)
  (:requirements :preferences :constraints :typing)
  (:types lamp)
  (:predicates (on ?x - lamp))
  (:action switch :parameters (?x - lamp) :precondition (not (on ?x)) :effect (on ?x)))
"""
PREFERENCE_PROBLEM = """(define (problem q) (:domain d) (:objects a b - lamp)
  (:init)
  (:goal (and (preference first (on a)) (preference (on b))))
  (:constraints (and (always (not (on a))) (sometime-before (on a) (on b))
                     (within 5 (on b)) (at end (on b))))
  (:metric minimize (+ (* 3 (is-violated first)) (total-time))))
"""
PAIRS = (
    (ADL_DOMAIN, ADL_PROBLEM),
    (TIME_DOMAIN, TIME_PROBLEM),
    (PREFERENCE_DOMAIN, PREFERENCE_PROBLEM),
)


def task_of(folder: Path, domain: str, problem: str) -> TaskModel:
    """Return the task that two texts state, read from files in ``folder``."""
    files = folder / "domain.pddl", folder / "problem.pddl"
    for file, text in zip(files, (domain, problem), strict=True):
        file.write_text(text, encoding="utf-8")
    model = read_domain_model(files[0])
    return TaskModel(model, read_problem_model(files[1], model))

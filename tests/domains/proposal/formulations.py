"""Tabletop domains as strangers write them, and what binds each of them rightly."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formulation:
    """A domain, a problem of it, and the right answers.

    Operators are written as the lint prints skill calls; classifiers None for a gap.
    """

    domain: str
    problem: str
    predicates: dict[str, str | None]
    operators: dict[str, list[str]]
    movable: tuple[str, ...]
    fixed: tuple[str, ...] = ()


UNTYPED_BLOCKS = Formulation(
    """
(define (domain blocks-4) (:requirements :strips)
  (:predicates (on ?x ?y) (ontable ?x) (clear ?x) (handempty) (holding ?x))
  (:action pick-up :parameters (?x)
    :precondition (and (clear ?x) (ontable ?x) (handempty))
    :effect (and (not (ontable ?x)) (not (clear ?x)) (not (handempty)) (holding ?x)))
  (:action put-down :parameters (?x)
    :precondition (holding ?x)
    :effect (and (not (holding ?x)) (clear ?x) (handempty) (ontable ?x)))
  (:action stack :parameters (?x ?y)
    :precondition (and (holding ?x) (clear ?y))
    :effect (and (not (holding ?x)) (not (clear ?y)) (clear ?x) (handempty) (on ?x ?y)))
  (:action unstack :parameters (?x ?y)
    :precondition (and (on ?x ?y) (clear ?x) (handempty))
    :effect (and (holding ?x) (clear ?y) (not (clear ?x)) (not (handempty))
                 (not (on ?x ?y)))))
""",
    """
(define (problem p) (:domain blocks-4) (:objects a b c)
  (:init (ontable a) (on b a) (ontable c) (clear b) (clear c) (handempty))
  (:goal (and (on a b))))
""",
    {
        "on": "supported_by",
        "ontable": "on_table",
        "clear": "nothing_on",
        "handempty": "gripper_empty",
        "holding": "held",
    },
    {
        "pick-up": ["pick(?x)"],
        "put-down": ["place(?x, table)"],
        "stack": ["place(?x, ?y)"],
        "unstack": ["pick(?x)"],
    },
    ("a", "b", "c"),
)

BLOCKS_MOVE = Formulation(
    """
(define (domain blocks-3) (:requirements :strips :typing :equality)
  (:types block)
  (:predicates (above ?a ?b - block) (grounded ?a - block) (uncovered ?a - block))
  (:action to-block :parameters (?a ?from ?to - block)
    :precondition (and (uncovered ?a) (uncovered ?to) (above ?a ?from)
                       (not (= ?a ?to)))
    :effect (and (not (above ?a ?from)) (above ?a ?to) (uncovered ?from)
                 (not (uncovered ?to))))
  (:action to-ground :parameters (?a ?from - block)
    :precondition (and (uncovered ?a) (above ?a ?from))
    :effect (and (not (above ?a ?from)) (grounded ?a) (uncovered ?from)))
  (:action from-ground :parameters (?a ?to - block)
    :precondition (and (uncovered ?a) (uncovered ?to) (grounded ?a)
                       (not (= ?a ?to)))
    :effect (and (not (grounded ?a)) (above ?a ?to) (not (uncovered ?to)))))
""",
    """
(define (problem p) (:domain blocks-3) (:objects r s t - block)
  (:init (grounded r) (above s r) (grounded t) (uncovered s) (uncovered t))
  (:goal (and (above r t))))
""",
    {"above": "supported_by", "grounded": "on_table", "uncovered": "nothing_on"},
    {
        "to-block": ["pick(?a)", "place(?a, ?to)"],
        "to-ground": ["pick(?a)", "place(?a, table)"],
        "from-ground": ["pick(?a)", "place(?a, ?to)"],
    },
    ("r", "s", "t"),
)

HANOI_MOVE = Formulation(
    """
(define (domain hanoi-move) (:requirements :strips)
  (:predicates (clear ?x) (on ?x ?y) (smaller ?x ?y))
  (:action move :parameters (?disc ?from ?to)
    :precondition (and (smaller ?to ?disc) (on ?disc ?from) (clear ?disc) (clear ?to))
    :effect (and (clear ?from) (on ?disc ?to) (not (on ?disc ?from))
                 (not (clear ?to)))))
""",
    """
(define (problem p) (:domain hanoi-move) (:objects peg1 peg2 peg3 d1 d2)
  (:init (smaller peg1 d1) (smaller peg1 d2) (smaller peg2 d1) (smaller peg2 d2)
         (smaller peg3 d1) (smaller peg3 d2) (smaller d2 d1)
         (clear peg2) (clear peg3) (clear d1) (on d2 peg1) (on d1 d2))
  (:goal (and (on d2 peg3) (on d1 d2))))
""",
    {"on": "supported_by", "clear": "nothing_on"},
    {"move": ["pick(?disc)", "place(?disc, ?to)"]},
    ("d1", "d2"),
    ("peg1", "peg2", "peg3"),
)

SORTING = Formulation(
    """
(define (domain sorting) (:requirements :strips :typing)
  (:types item spot - object cube tile - item red-spot blue-spot - spot)
  (:predicates (at ?i - item ?s - spot) (free ?s - spot) (held ?i - item) (empty)
               (accepts ?s - spot ?i - item))
  (:action grab :parameters (?i - item ?s - spot)
    :precondition (and (at ?i ?s) (empty))
    :effect (and (held ?i) (free ?s) (not (at ?i ?s)) (not (empty))))
  (:action drop :parameters (?i - item ?s - spot)
    :precondition (and (held ?i) (free ?s) (accepts ?s ?i))
    :effect (and (at ?i ?s) (empty) (not (held ?i)) (not (free ?s)))))
""",
    """
(define (problem p) (:domain sorting)
  (:objects c1 - cube t1 - tile r1 r2 - red-spot b1 - blue-spot)
  (:init (at c1 r1) (at t1 b1) (free r2) (empty)
         (accepts b1 c1) (accepts r2 c1) (accepts r1 t1) (accepts r2 t1))
  (:goal (and (at c1 b1) (at t1 r1))))
""",
    {
        "at": "supported_by",
        "free": "nothing_on",
        "held": "held",
        "empty": "gripper_empty",
    },
    {"grab": ["pick(?i)"], "drop": ["place(?i, ?s)"]},
    ("c1", "t1"),
    ("r1", "r2", "b1"),
)

HANDFULL = Formulation(
    """
(define (domain tray) (:requirements :strips :typing :negative-preconditions)
  (:types part stand)
  (:constants tray - stand)
  (:predicates (lies ?p - part ?s - stand) (occupied ?s - stand) (handfull)
               (gripped ?p - part))
  (:action fetch :parameters (?p - part ?s - stand)
    :precondition (and (lies ?p ?s) (not (handfull)))
    :effect (and (gripped ?p) (handfull) (not (lies ?p ?s)) (not (occupied ?s))))
  (:action deliver :parameters (?p - part)
    :precondition (and (gripped ?p) (not (occupied tray)))
    :effect (and (lies ?p tray) (occupied tray) (not (gripped ?p)) (not (handfull))))
  (:action lay :parameters (?p - part ?s - stand)
    :precondition (and (gripped ?p) (not (occupied ?s)))
    :effect (and (lies ?p ?s) (occupied ?s) (not (gripped ?p)) (not (handfull)))))
""",
    """
(define (problem p) (:domain tray) (:objects bolt nut - part left right - stand)
  (:init (lies bolt left) (lies nut tray) (occupied left) (occupied tray))
  (:goal (and (lies bolt tray) (lies nut left))))
""",
    {
        "lies": "supported_by",
        "occupied": "something_on",
        "handfull": "gripper_full",
        "gripped": "held",
    },
    {
        "fetch": ["pick(?p)"],
        "deliver": ["place(?p, tray)"],
        "lay": ["place(?p, ?s)"],
    },
    ("bolt", "nut"),
    ("left", "right", "tray"),
)

MEANINGLESS = Formulation(
    """
(define (domain letters) (:requirements :strips)
  (:predicates (q0) (q1 ?x) (q2 ?x) (q3 ?x ?y) (q4 ?x) (q5 ?x))
  (:action a1 :parameters (?u ?v)
    :precondition (and (q4 ?u) (q5 ?v) (q3 ?u ?v) (q1 ?u) (q0))
    :effect (and (q2 ?u) (q1 ?v) (not (q3 ?u ?v)) (not (q0)) (not (q1 ?u))))
  (:action a2 :parameters (?u ?v)
    :precondition (and (q4 ?u) (q5 ?v) (q2 ?u) (q1 ?v))
    :effect (and (q0) (q3 ?u ?v) (q1 ?u) (not (q1 ?v)) (not (q2 ?u)))))
""",
    """
(define (problem p) (:domain letters) (:objects m1 m2 n1 n2 n3)
  (:init (q4 m1) (q4 m2) (q5 n1) (q5 n2) (q5 n3) (q3 m1 n1) (q3 m2 n2)
         (q1 m1) (q1 m2) (q1 n3) (q0))
  (:goal (and (q3 m1 n2))))
""",
    {"q0": "gripper_empty", "q1": "nothing_on", "q2": "held", "q3": "supported_by"},
    {"a1": ["pick(?u)"], "a2": ["place(?u, ?v)"]},
    ("m1", "m2"),
    ("n1", "n2", "n3"),
)

TWO_RELATIONS = Formulation(
    """
(define (domain cups) (:requirements :strips :typing)
  (:types cup shelf - thing)
  (:predicates (in ?a ?b - cup) (standing ?a - cup ?s - shelf) (open ?t - thing)
               (busy) (carrying ?a - cup))
  (:action lift :parameters (?a - cup ?s - shelf)
    :precondition (and (standing ?a ?s) (open ?a) (not (busy)))
    :effect (and (carrying ?a) (busy) (open ?s) (not (standing ?a ?s))
                 (not (open ?a))))
  (:action unnest :parameters (?a ?b - cup)
    :precondition (and (in ?a ?b) (open ?a) (not (busy)))
    :effect (and (carrying ?a) (busy) (open ?b) (not (in ?a ?b)) (not (open ?a))))
  (:action shelve :parameters (?a - cup ?s - shelf)
    :precondition (and (carrying ?a) (open ?s))
    :effect (and (standing ?a ?s) (open ?a) (not (carrying ?a)) (not (busy))
                 (not (open ?s))))
  (:action nest :parameters (?a ?b - cup)
    :precondition (and (carrying ?a) (open ?b))
    :effect (and (in ?a ?b) (open ?a) (not (carrying ?a)) (not (busy))
                 (not (open ?b)))))
""",
    """
(define (problem p) (:domain cups) (:objects a b - cup s1 s2 s3 - shelf)
  (:init (standing a s1) (standing b s2) (open a) (open b) (open s3))
  (:goal (and (in a b))))
""",
    {
        "in": "supported_by",
        "standing": "supported_by",
        "open": "nothing_on",
        "busy": "gripper_full",
        "carrying": "held",
    },
    {
        "lift": ["pick(?a)"],
        "unnest": ["pick(?a)"],
        "shelve": ["place(?a, ?s)"],
        "nest": ["place(?a, ?b)"],
    },
    ("a", "b"),
    ("s1", "s2", "s3"),
)

SWITCH = Formulation(
    """
(define (domain workcell) (:requirements :strips :typing)
  (:types brick dock)
  (:predicates (docked ?b - brick ?d - dock) (vacant ?d - dock) (lamp-on)
               (idle) (in-gripper ?b - brick))
  (:action light :parameters ()
    :precondition (and (idle)) :effect (and (lamp-on)))
  (:action undock :parameters (?b - brick ?d - dock)
    :precondition (and (docked ?b ?d) (idle) (lamp-on))
    :effect (and (in-gripper ?b) (vacant ?d) (not (docked ?b ?d)) (not (idle))))
  (:action dock :parameters (?b - brick ?d - dock)
    :precondition (and (in-gripper ?b) (vacant ?d))
    :effect (and (docked ?b ?d) (idle) (not (in-gripper ?b)) (not (vacant ?d)))))
""",
    """
(define (problem p) (:domain workcell) (:objects b1 b2 - brick k1 k2 k3 - dock)
  (:init (docked b1 k1) (docked b2 k2) (vacant k3) (idle))
  (:goal (and (docked b1 k2))))
""",
    {
        "docked": "supported_by",
        "vacant": "nothing_on",
        "idle": "gripper_empty",
        "in-gripper": "held",
        "lamp-on": None,
    },
    {"light": [], "undock": ["pick(?b)"], "dock": ["place(?b, ?d)"]},
    ("b1", "b2"),
    ("k1", "k2", "k3"),
)

PALLETS = Formulation(
    """
(define (domain palletize) (:requirements :strips :typing)
  (:types crate pallet - thing)
  (:predicates (on ?c - crate ?t - thing) (top ?t - thing) (lifted ?c - crate)
               (avail) (delivered ?c - crate) (wanted ?p - pallet))
  (:action lift :parameters (?c - crate ?t - thing)
    :precondition (and (on ?c ?t) (top ?c) (avail))
    :effect (and (lifted ?c) (top ?t) (not (on ?c ?t)) (not (avail))))
  (:action drop :parameters (?c - crate ?t - thing)
    :precondition (and (lifted ?c) (top ?t))
    :effect (and (on ?c ?t) (avail) (not (lifted ?c)) (not (top ?t))))
  (:action drop-wanted :parameters (?c - crate ?p - pallet)
    :precondition (and (lifted ?c) (top ?p) (wanted ?p))
    :effect (and (on ?c ?p) (avail) (delivered ?c) (not (lifted ?c))
                 (not (top ?p)))))
""",
    """
(define (problem p) (:domain palletize) (:objects c1 c2 - crate p1 p2 - pallet)
  (:init (on c1 p1) (on c2 c1) (top c2) (top p2) (avail) (wanted p2))
  (:goal (and (delivered c2))))
""",
    {
        "on": "supported_by",
        "top": "carries_nothing",
        "lifted": "held",
        "avail": "gripper_empty",
        "delivered": None,
    },
    {
        "lift": ["pick(?c)"],
        "drop": ["place(?c, ?t)"],
        "drop-wanted": ["place(?c, ?p)"],
    },
    ("c1", "c2"),
    ("p1", "p2"),
)

SHELLS = Formulation(
    """
(define (domain shells) (:requirements :strips :equality :negative-preconditions)
  (:predicates (shell ?x) (spot ?x) (is-at ?x ?s) (used ?s))
  (:action slide :parameters (?x ?a ?b)
    :precondition (and (shell ?x) (spot ?a) (spot ?b) (is-at ?x ?a)
                       (not (used ?b)) (not (= ?a ?b)))
    :effect (and (is-at ?x ?b) (used ?b) (not (is-at ?x ?a)) (not (used ?a)))))
""",
    """
(define (problem p) (:domain shells) (:objects s1 s2 spot-a spot-b spot-c)
  (:init (shell s1) (shell s2) (spot spot-a) (spot spot-b) (spot spot-c)
         (is-at s1 spot-a) (is-at s2 spot-b) (used spot-a) (used spot-b))
  (:goal (and (is-at s1 spot-b) (is-at s2 spot-a))))
""",
    {"is-at": "supported_by", "used": "something_on"},
    {"slide": ["pick(?x)", "place(?x, ?b)"]},
    ("s1", "s2"),
    ("spot-a", "spot-b", "spot-c"),
)

KIT = Formulation(
    """
(define (domain kit) (:requirements :strips :typing)
  (:types component slot)
  (:predicates (inserted ?c - component ?s - slot) (loose ?c - component) (vacant ?s
      - slot) (holding ?c - component) (hand-free))
  (:action grab-loose :parameters (?c - component) :precondition (and (loose ?c)
      (hand-free))
    :effect (and (holding ?c) (not (loose ?c)) (not (hand-free))))
  (:action insert :parameters (?c - component ?s - slot) :precondition (and (holding
      ?c) (vacant ?s))
    :effect (and (inserted ?c ?s) (hand-free) (not (holding ?c)) (not (vacant ?s))))
  (:action extract :parameters (?c - component ?s - slot) :precondition (and
      (inserted ?c ?s) (hand-free))
    :effect (and (holding ?c) (vacant ?s) (not (inserted ?c ?s)) (not (hand-free))))
  (:action set-aside :parameters (?c - component) :precondition (holding ?c)
    :effect (and (loose ?c) (hand-free) (not (holding ?c)))))
""",
    """
(define (problem x) (:domain kit) (:objects a b c - component s1 s2 - slot)
 (:init (loose a) (loose b) (inserted c s1) (vacant s2) (hand-free)) (:goal (and
     (inserted a s1) (inserted c s2))))
""",
    {
        "inserted": "supported_by",
        "loose": "on_table",
        "vacant": "nothing_on",
        "holding": "held",
        "hand-free": "gripper_empty",
    },
    {
        "grab-loose": ["pick(?c)"],
        "insert": ["place(?c, ?s)"],
        "extract": ["pick(?c)"],
        "set-aside": ["place(?c, table)"],
    },
    ("a", "b", "c"),
    ("s1", "s2"),
)

RINGS = Formulation(
    """
(define (domain rings) (:requirements :strips)
  (:predicates (ring ?x) (pole ?x) (stacked ?r ?b) (exposed ?x) (grabbed ?r)
      (unoccupied) (fits ?r ?b))
  (:action grab :parameters (?r ?b) :precondition (and (ring ?r) (stacked ?r ?b)
      (exposed ?r) (unoccupied))
    :effect (and (grabbed ?r) (exposed ?b) (not (stacked ?r ?b)) (not (exposed ?r))
        (not (unoccupied))))
  (:action release :parameters (?r ?b) :precondition (and (ring ?r) (grabbed ?r)
      (exposed ?b) (fits ?r ?b))
    :effect (and (stacked ?r ?b) (exposed ?r) (unoccupied) (not (grabbed ?r)) (not
        (exposed ?b)))))
""",
    """
(define (problem x) (:domain rings) (:objects r1 r2 r3 pole1 pole2 pole3)
 (:init (ring r1) (ring r2) (ring r3) (pole pole1) (pole pole2) (pole pole3)
     (stacked r1 r2) (stacked r2 r3) (stacked r3 pole1) (exposed r1) (exposed pole2)
     (exposed pole3) (unoccupied)
 (fits r1 r2) (fits r1 r3) (fits r2 r3) (fits r1 pole1) (fits r1 pole2) (fits r1
     pole3) (fits r2 pole1) (fits r2 pole2) (fits r2 pole3) (fits r3 pole1) (fits r3
     pole2) (fits r3 pole3))
 (:goal (and (stacked r3 pole2) (stacked r2 r3))))
""",
    {
        "stacked": "supported_by",
        "exposed": "nothing_on",
        "grabbed": "held",
        "unoccupied": "gripper_empty",
    },
    {"grab": ["pick(?r)"], "release": ["place(?r, ?b)"]},
    ("r1", "r2", "r3"),
    ("pole1", "pole2", "pole3"),
)

STORE = Formulation(
    """
(define (domain store) (:requirements :strips :typing)
  (:types phys - object good support - phys bottle jar - good shelf tray - support)
  (:predicates (upon ?g - good ?p - support) (avail ?p - support))
  (:action transfer :parameters (?g - good ?f ?t - support) :precondition (and (upon
      ?g ?f) (avail ?t))
    :effect (and (upon ?g ?t) (avail ?f) (not (upon ?g ?f)) (not (avail ?t)))))
""",
    """
(define (problem x) (:domain store) (:objects b1 - bottle j1 - jar sh1 sh2 - shelf
    t1 - tray)
 (:init (upon b1 sh1) (upon j1 t1) (avail sh2)) (:goal (and (upon b1 t1) (upon j1
     sh1))))
""",
    {"upon": "supported_by", "avail": "nothing_on"},
    {"transfer": ["pick(?g)", "place(?g, ?t)"]},
    ("b1", "j1"),
    ("sh1", "sh2", "t1"),
)

EITHER = Formulation(
    """
(define (domain boxes) (:requirements :strips :typing)
  (:types small large - box spot)
  (:predicates (in ?b - box ?w - (either box spot)) (open ?w - (either box spot))
      (have ?b - box) (nothing-held))
  (:action fetch :parameters (?b - box ?w - (either box spot)) :precondition (and
      (in ?b ?w) (open ?b) (nothing-held))
    :effect (and (have ?b) (open ?w) (not (in ?b ?w)) (not (open ?b)) (not
        (nothing-held))))
  (:action stow :parameters (?b - box ?w - (either box spot)) :precondition (and
      (have ?b) (open ?w))
    :effect (and (in ?b ?w) (open ?b) (nothing-held) (not (have ?b)) (not (open
        ?w)))))
""",
    """
(define (problem x) (:domain boxes) (:objects b1 - small b2 - large s1 s2 s3 - spot)
 (:init (in b1 b2) (in b2 s1) (open b1) (open s2) (open s3) (nothing-held)) (:goal
     (and (in b2 s3) (in b1 b2))))
""",
    {
        "in": "supported_by",
        "open": "nothing_on",
        "have": "held",
        "nothing-held": "gripper_empty",
    },
    {"fetch": ["pick(?b)"], "stow": ["place(?b, ?w)"]},
    ("b1", "b2"),
    ("s1", "s2", "s3"),
)


CUPBOARD = Formulation(
    """
(define (domain cupboard) (:requirements :strips :typing)
  (:types cup saucer - ware shelf - object)
  (:predicates (bears ?s - shelf ?w - ware) (vacant ?s - shelf)
               (in-fingers ?w - ware) (fingers-open))
  (:action fetch :parameters (?s - shelf ?w - ware)
    :precondition (and (bears ?s ?w) (fingers-open))
    :effect (and (in-fingers ?w) (vacant ?s) (not (bears ?s ?w))
                 (not (fingers-open))))
  (:action set-down :parameters (?w - ware ?s - shelf)
    :precondition (and (in-fingers ?w) (vacant ?s))
    :effect (and (bears ?s ?w) (fingers-open) (not (vacant ?s))
                 (not (in-fingers ?w)))))
""",
    """
(define (problem p) (:domain cupboard)
  (:objects c1 c2 - cup s1 - saucer left middle right far - shelf)
  (:init (bears left c1) (bears right s1) (in-fingers c2) (vacant middle)
         (vacant far))
  (:goal (and (bears middle s1))))
""",
    {
        "bears": "supports",
        "vacant": "nothing_on",
        "in-fingers": "held",
        "fingers-open": "gripper_empty",
    },
    {"fetch": ["pick(?w)"], "set-down": ["place(?w, ?s)"]},
    ("c1", "c2", "s1"),
    ("left", "middle", "right", "far"),
)

LAYERS = Formulation(
    """
(define (domain layers) (:requirements :strips :equality)
  (:predicates (beneath ?low ?up) (bare ?x) (grounded ?x))
  (:action shift :parameters (?x ?from ?to)
    :precondition (and (beneath ?from ?x) (bare ?x) (bare ?to) (not (= ?x ?to)))
    :effect (and (beneath ?to ?x) (bare ?from) (not (beneath ?from ?x))
                 (not (bare ?to))))
  (:action lower :parameters (?x ?from)
    :precondition (and (beneath ?from ?x) (bare ?x))
    :effect (and (grounded ?x) (bare ?from) (not (beneath ?from ?x))))
  (:action raise :parameters (?x ?to)
    :precondition (and (grounded ?x) (bare ?x) (bare ?to) (not (= ?x ?to)))
    :effect (and (beneath ?to ?x) (not (grounded ?x)) (not (bare ?to)))))
""",
    """
(define (problem p) (:domain layers) (:objects a b c d)
  (:init (grounded a) (beneath a b) (grounded c) (beneath c d) (bare b) (bare d))
  (:goal (and (beneath b d))))
""",
    {"beneath": "supports", "bare": "nothing_on", "grounded": "on_table"},
    {
        "shift": ["pick(?x)", "place(?x, ?to)"],
        "lower": ["pick(?x)", "place(?x, table)"],
        "raise": ["pick(?x)", "place(?x, ?to)"],
    },
    ("a", "b", "c", "d"),
)

RACK = Formulation(
    """
(define (domain rack) (:requirements :strips :typing :negative-preconditions)
  (:types tube slot)
  (:constants tray - slot)
  (:predicates (loaded ?s - slot ?t - tube) (used ?s - slot) (lifted ?t - tube)
               (busy) (fits ?t - tube ?s - slot))
  (:action draw :parameters (?t - tube ?s - slot)
    :precondition (and (loaded ?s ?t) (not (busy)))
    :effect (and (busy) (lifted ?t) (not (loaded ?s ?t)) (not (used ?s))))
  (:action insert :parameters (?t - tube ?s - slot)
    :precondition (and (lifted ?t) (fits ?t ?s) (not (used ?s)))
    :effect (and (loaded ?s ?t) (used ?s) (not (lifted ?t)) (not (busy))))
  (:action discard :parameters (?t - tube)
    :precondition (and (lifted ?t) (not (used tray)))
    :effect (and (loaded tray ?t) (used tray) (not (lifted ?t)) (not (busy)))))
""",
    """
(define (problem p) (:domain rack)
  (:objects t1 t2 - tube s1 s2 - slot)
  (:init (loaded s1 t1) (loaded s2 t2) (used s1) (used s2)
         (fits t1 s2) (fits t2 s1) (fits t1 s1) (fits t2 s2))
  (:goal (and (loaded s1 t2))))
""",
    {
        "loaded": "supports",
        "used": "something_on",
        "lifted": "held",
        "busy": "gripper_full",
    },
    {
        "draw": ["pick(?t)"],
        "insert": ["place(?t, ?s)"],
        "discard": ["place(?t, tray)"],
    },
    ("t1", "t2"),
    ("s1", "s2", "tray"),
)

IPC_GRIPPER = """
(define (domain gripper-strips)
  (:predicates (room ?r) (ball ?b) (gripper ?g) (at-robby ?r) (at ?b ?r) (free ?g)
               (carry ?o ?g))
  (:action move :parameters (?from ?to)
    :precondition (and (room ?from) (room ?to) (at-robby ?from))
    :effect (and (at-robby ?to) (not (at-robby ?from))))
  (:action pick :parameters (?obj ?room ?gripper)
    :precondition (and (ball ?obj) (room ?room) (gripper ?gripper) (at ?obj ?room)
                       (at-robby ?room) (free ?gripper))
    :effect (and (carry ?obj ?gripper) (not (at ?obj ?room)) (not (free ?gripper))))
  (:action drop :parameters (?obj ?room ?gripper)
    :precondition (and (ball ?obj) (room ?room) (gripper ?gripper)
                       (carry ?obj ?gripper) (at-robby ?room))
    :effect (and (at ?obj ?room) (free ?gripper) (not (carry ?obj ?gripper)))))
"""
"""A robot that drives from room to room: the hand, over zones."""

REVERSED = """
(define (domain turned) (:requirements :strips :typing) (:types cube bay - thing)
  (:predicates (holds ?y - bay ?c - cube) (open ?t - thing) (taken ?c - cube) (idle))
  (:action take :parameters (?c - cube ?y - bay)
    :precondition (and (holds ?y ?c) (open ?c) (idle))
    :effect (and (taken ?c) (open ?y) (not (holds ?y ?c)) (not (idle))
                 (not (open ?c))))
  (:action leave :parameters (?c - cube ?y - bay)
    :precondition (and (taken ?c) (open ?y))
    :effect (and (idle) (holds ?y ?c) (open ?c) (not (open ?y)) (not (taken ?c)))))
"""
"""The support comes before what it carries."""

PAWNS = """
(define (domain pawns) (:requirements :strips :typing) (:types pawn square)
  (:predicates (at ?p - pawn ?s - square) (carrying ?p - pawn))
  (:action up :parameters (?p - pawn ?s - square) :precondition (at ?p ?s)
    :effect (and (carrying ?p) (not (at ?p ?s))))
  (:action down :parameters (?p - pawn ?s - square) :precondition (carrying ?p)
    :effect (and (at ?p ?s) (not (carrying ?p)))))
"""
"""Nothing keeps it from carrying two, so that carrying may as well be a table."""

FORMULATIONS = {
    "untyped-blocks": UNTYPED_BLOCKS,
    "blocks-move": BLOCKS_MOVE,
    "hanoi-move": HANOI_MOVE,
    "sorting": SORTING,
    "handfull": HANDFULL,
    "meaningless-names": MEANINGLESS,
    "two-relations": TWO_RELATIONS,
    "switch": SWITCH,
    "pallets": PALLETS,
    "shells": SHELLS,
    "kit": KIT,
    "rings": RINGS,
    "store": STORE,
    "either": EITHER,
    "cupboard": CUPBOARD,
    "layers": LAYERS,
    "rack": RACK,
}
"""The lamp of ``switch`` and the history of ``pallets`` cannot be sensed: gaps."""
WITH_GAPS = {"switch", "pallets"}

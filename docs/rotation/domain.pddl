; Blocks on pads. A swap is one operator, but three times the work of a move.
(define (domain rotation)
  (:requirements :strips :typing)
  (:types block pad)
  (:predicates (on ?b - block ?p - pad) (clear ?p - pad) (empty))
  (:action move
    :parameters (?b - block ?from ?to - pad)
    :precondition (and (on ?b ?from) (clear ?to) (empty))
    :effect (and (on ?b ?to) (clear ?from)
                 (not (on ?b ?from)) (not (clear ?to))))
  (:action swap
    :parameters (?a ?b - block ?pa ?pb ?spare - pad)
    :precondition (and (on ?a ?pa) (on ?b ?pb) (clear ?spare) (empty))
    :effect (and (on ?a ?pb) (on ?b ?pa)
                 (not (on ?a ?pa)) (not (on ?b ?pb)))))

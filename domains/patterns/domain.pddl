; Pattern replication: models on the cells of one grid show a pattern, and blocks from
; the stock repeat it on the cells of another. A cell takes only a block that is like the
; model on the cell that it copies; which one of the like blocks is left to the planner.
(define (domain patterns)
  (:requirements :strips :typing :negative-preconditions)
  (:types block model - piece
          cell shown stock - place
          piece place - object)
  (:predicates (on ?p - piece ?l - place)         ; ?p lies on ?l
               (filled ?c - cell)                 ; something lies on ?c
               (holding ?b - block)               ; the hand holds ?b
               (hand-empty)                       ; the hand holds nothing
               (copies ?c - cell ?s - shown)      ; ?c shall look like ?s (static)
               (alike ?b - block ?m - model))     ; of the same colour (static)

  (:action take
    :parameters (?b - block ?l - stock)
    :precondition (and (on ?b ?l) (hand-empty))
    :effect (and (holding ?b)
                 (not (on ?b ?l)) (not (hand-empty))))

  (:action remove
    :parameters (?b - block ?c - cell)
    :precondition (and (on ?b ?c) (hand-empty))
    :effect (and (holding ?b)
                 (not (on ?b ?c)) (not (filled ?c)) (not (hand-empty))))

  (:action store
    :parameters (?b - block ?l - stock)
    :precondition (holding ?b)
    :effect (and (on ?b ?l) (hand-empty)
                 (not (holding ?b))))

  (:action copy
    :parameters (?b - block ?c - cell ?m - model ?s - shown)
    :precondition (and (holding ?b) (not (filled ?c))
                       (copies ?c ?s) (on ?m ?s) (alike ?b ?m))
    :effect (and (on ?b ?c) (filled ?c) (hand-empty)
                 (not (holding ?b)))))

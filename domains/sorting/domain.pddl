; Sorting by type: things of several types lie about, on the table and in wrong zones,
; and each goes to a zone that is for its type.
(define (domain sorting)
  (:requirements :strips :typing)
  (:types cube bar tile - thing
          thing zone - object)
  (:predicates (in ?o - thing ?z - zone)         ; ?o lies in ?z
               (on-table ?o - thing)             ; ?o lies on the table, in no zone
               (holding ?o - thing)              ; the hand holds ?o
               (hand-empty)                      ; the hand holds nothing
               (belongs ?o - thing ?z - zone))   ; ?z is for things like ?o (static)

  (:action pick-from-table
    :parameters (?o - thing)
    :precondition (and (on-table ?o) (hand-empty))
    :effect (and (holding ?o)
                 (not (on-table ?o)) (not (hand-empty))))

  (:action pick-from-zone
    :parameters (?o - thing ?z - zone)
    :precondition (and (in ?o ?z) (hand-empty))
    :effect (and (holding ?o)
                 (not (in ?o ?z)) (not (hand-empty))))

  (:action put
    :parameters (?o - thing ?z - zone)
    :precondition (and (holding ?o) (belongs ?o ?z))
    :effect (and (in ?o ?z) (hand-empty)
                 (not (holding ?o)))))

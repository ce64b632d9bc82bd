; Towers of Hanoi for one gripper: a disk is picked, then placed on a peg or on a
; larger disk. Only the topmost disk of a peg is clear; a held disk is not clear.
(define (domain hanoi)
  (:requirements :strips :typing)
  (:types disk peg - location
          location - object)
  (:predicates (on ?d - disk ?l - location)       ; disk ?d lies on ?l
               (clear ?l - location)              ; nothing lies on ?l
               (grasped ?d - disk)                ; the gripper holds ?d
               (free-gripper)                     ; the gripper holds nothing
               (smaller ?d - disk ?l - location)) ; ?d may lie on ?l (never changes)

  (:action pick
    :parameters (?d - disk ?l - location)
    :precondition (and (on ?d ?l) (clear ?d) (free-gripper))
    :effect (and (grasped ?d) (clear ?l)
                 (not (on ?d ?l)) (not (clear ?d)) (not (free-gripper))))

  (:action place
    :parameters (?d - disk ?l - location)
    :precondition (and (grasped ?d) (clear ?l) (smaller ?d ?l))
    :effect (and (on ?d ?l) (clear ?d) (free-gripper)
                 (not (clear ?l)) (not (grasped ?d)))))

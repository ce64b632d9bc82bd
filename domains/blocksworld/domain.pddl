; Blocksworld with the four operators of the International Planning Competition: one
; arm, a table with room for every block. A held block is neither clear nor on anything.
(define (domain blocksworld)
  (:requirements :strips :typing)
  (:types block - object)
  (:predicates (on ?x ?y - block)        ; ?x lies on ?y
               (on-table ?x - block)     ; ?x lies on the table
               (clear ?x - block)        ; nothing lies on ?x, and it is not held
               (arm-empty)               ; the arm holds nothing
               (holding ?x - block))     ; the arm holds ?x

  (:action pick-up
    :parameters (?x - block)
    :precondition (and (clear ?x) (on-table ?x) (arm-empty))
    :effect (and (holding ?x)
                 (not (on-table ?x)) (not (clear ?x)) (not (arm-empty))))

  (:action put-down
    :parameters (?x - block)
    :precondition (holding ?x)
    :effect (and (on-table ?x) (clear ?x) (arm-empty)
                 (not (holding ?x))))

  (:action stack
    :parameters (?x ?y - block)
    :precondition (and (holding ?x) (clear ?y))
    :effect (and (on ?x ?y) (clear ?x) (arm-empty)
                 (not (holding ?x)) (not (clear ?y))))

  (:action unstack
    :parameters (?x ?y - block)
    :precondition (and (on ?x ?y) (clear ?x) (arm-empty))
    :effect (and (holding ?x) (clear ?y)
                 (not (on ?x ?y)) (not (clear ?x)) (not (arm-empty)))))

; Blocksworld with three operators that move a block at one go: nothing says what the
; arm holds, since between two operators it holds nothing.
(define (domain blocks-3op)
  (:requirements :strips :typing :equality :negative-preconditions)
  (:types block - object)
  (:predicates (on ?x ?y - block)        ; ?x lies on ?y
               (on-table ?x - block)     ; ?x lies on the table
               (clear ?x - block))       ; nothing lies on ?x

  (:action move-b-to-b
    :parameters (?x ?from ?to - block)
    :precondition (and (clear ?x) (clear ?to) (on ?x ?from) (not (= ?x ?to)))
    :effect (and (on ?x ?to) (clear ?from)
                 (not (on ?x ?from)) (not (clear ?to))))

  (:action move-b-to-t
    :parameters (?x ?from - block)
    :precondition (and (clear ?x) (on ?x ?from))
    :effect (and (on-table ?x) (clear ?from)
                 (not (on ?x ?from))))

  (:action move-t-to-b
    :parameters (?x ?to - block)
    :precondition (and (clear ?x) (clear ?to) (on-table ?x) (not (= ?x ?to)))
    :effect (and (on ?x ?to)
                 (not (on-table ?x)) (not (clear ?to)))))

; Nut assembly: square nuts with a handle lie on the table or round posts, and are put
; over posts. A wide nut goes over every post, a narrow one over thin posts only; a post
; takes one nut.
(define (domain nut-assembly)
  (:requirements :strips :typing)
  (:types narrow-nut wide-nut - nut
          thin-post thick-post - post)
  (:predicates (around ?n - nut ?p - post)  ; ?n lies round ?p
               (on-table ?n - nut)          ; ?n lies on the table
               (free ?p - post)             ; nothing lies round ?p
               (holding ?n - nut)           ; the hand holds ?n
               (hand-empty)                 ; the hand holds nothing
               (fits ?n - nut ?p - post))   ; ?n goes over ?p (never changes)

  (:action pick-up
    :parameters (?n - nut)
    :precondition (and (on-table ?n) (hand-empty))
    :effect (and (holding ?n) (not (on-table ?n)) (not (hand-empty))))

  (:action put-down
    :parameters (?n - nut)
    :precondition (holding ?n)
    :effect (and (on-table ?n) (hand-empty) (not (holding ?n))))

  (:action put-over
    :parameters (?n - nut ?p - post)
    :precondition (and (holding ?n) (free ?p) (fits ?n ?p))
    :effect (and (around ?n ?p) (hand-empty)
                 (not (free ?p)) (not (holding ?n))))

  (:action take-off
    :parameters (?n - nut ?p - post)
    :precondition (and (around ?n ?p) (hand-empty))
    :effect (and (holding ?n) (free ?p)
                 (not (around ?n ?p)) (not (hand-empty)))))

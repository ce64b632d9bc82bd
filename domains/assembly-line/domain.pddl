; Assembly-line sorting: parts wait on the stations of a line, and only the front one may
; be taken: the one on the first station, or on a station behind one that is empty. Each
; goes to a bin that takes parts of its kind; a defective one is rejected.
(define (domain assembly-line)
  (:requirements :strips :typing :negative-preconditions)
  (:types gear bolt - part
          station bin - place
          part place - object)
  (:predicates (on ?p - part ?s - station)            ; ?p waits on ?s
               (in ?p - part ?b - bin)                ; ?p lies in ?b
               (free ?s - station)                    ; nothing waits on ?s
               (holding ?p - part)                    ; the hand holds ?p
               (hand-empty)                           ; the hand holds nothing
               (first ?s - station)                   ; the end of the line (static)
               (behind ?s ?front - station)           ; ?s is next after it (static)
               (takes ?b - bin ?p - part)             ; ?b is for its kind (static)
               (defective ?p - part)                  ; ?p is for no such bin (static)
               (reject ?b - bin))                     ; ?b is for these (static)

  (:action take-first
    :parameters (?p - part ?s - station)
    :precondition (and (on ?p ?s) (first ?s) (hand-empty))
    :effect (and (holding ?p) (free ?s)
                 (not (on ?p ?s)) (not (hand-empty))))

  (:action take-next
    :parameters (?p - part ?s ?front - station)
    :precondition (and (on ?p ?s) (behind ?s ?front) (free ?front) (hand-empty))
    :effect (and (holding ?p) (free ?s)
                 (not (on ?p ?s)) (not (hand-empty))))

  (:action sort
    :parameters (?p - part ?b - bin)
    :precondition (and (holding ?p) (takes ?b ?p) (not (defective ?p)))
    :effect (and (in ?p ?b) (hand-empty)
                 (not (holding ?p))))

  (:action discard
    :parameters (?p - part ?b - bin)
    :precondition (and (holding ?p) (defective ?p) (reject ?b))
    :effect (and (in ?p ?b) (hand-empty)
                 (not (holding ?p)))))

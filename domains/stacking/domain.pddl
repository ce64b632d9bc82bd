; Stacking by size: boxes stand about on pads and on the table, and become one stack on
; a pad, the largest lowest. A box is put only on pads and on larger boxes; what was
; taken from the table does not go back there.
(define (domain stacking)
  (:requirements :strips :typing)
  (:types box pad - place
          place - object)
  (:predicates (on ?b - box ?p - place)        ; ?b stands on ?p
               (on-table ?b - box)             ; ?b stands on the table
               (clear ?p - place)              ; nothing stands on ?p
               (holding ?b - box)              ; the hand holds ?b
               (hand-empty)                    ; the hand holds nothing
               (smaller ?b - box ?p - place))  ; ?b may stand on ?p (never changes)

  (:action pick
    :parameters (?b - box ?p - place)
    :precondition (and (on ?b ?p) (clear ?b) (hand-empty))
    :effect (and (holding ?b) (clear ?p)
                 (not (on ?b ?p)) (not (clear ?b)) (not (hand-empty))))

  (:action pick-from-table
    :parameters (?b - box)
    :precondition (and (on-table ?b) (clear ?b) (hand-empty))
    :effect (and (holding ?b)
                 (not (on-table ?b)) (not (clear ?b)) (not (hand-empty))))

  (:action place
    :parameters (?b - box ?p - place)
    :precondition (and (holding ?b) (clear ?p) (smaller ?b ?p))
    :effect (and (on ?b ?p) (clear ?b) (hand-empty)
                 (not (clear ?p)) (not (holding ?b)))))

; A kitchen: pots and food stand on burners, boards and plates; a button switches the
; stove under a burner on and off. A stove goes on only under a pot, and a pot is put on
; a burner or taken from it only while that is off. A pot has a flat lid: food that is
; "on" a pot lies on it. Nothing is taken from under something else.
(define (domain kitchen)
  (:requirements :strips :typing :negative-preconditions)
  (:types pot board plate - dish      ; where food may lie
          food dish burner - place
          place button - object)
  (:predicates (on ?i ?p - place)                   ; ?i, a pot or food, stands on ?p
               (clear ?p - place)                   ; nothing stands on ?p
               (holding ?i - place)                 ; the hand holds ?i
               (hand-empty)                         ; the hand holds nothing
               (lit ?k - button)                    ; the stove of ?k is on
               (controls ?k - button ?b - burner))  ; never changes

  (:action take-food
    :parameters (?f - food ?d - dish)
    :precondition (and (on ?f ?d) (clear ?f) (hand-empty))
    :effect (and (holding ?f) (clear ?d)
                 (not (on ?f ?d)) (not (clear ?f)) (not (hand-empty))))

  (:action put-food
    :parameters (?f - food ?d - dish)
    :precondition (and (holding ?f) (clear ?d))
    :effect (and (on ?f ?d) (clear ?f) (hand-empty)
                 (not (clear ?d)) (not (holding ?f))))

  (:action take-pot
    :parameters (?o - pot ?c - board)
    :precondition (and (on ?o ?c) (clear ?o) (hand-empty))
    :effect (and (holding ?o) (clear ?c)
                 (not (on ?o ?c)) (not (clear ?o)) (not (hand-empty))))

  (:action put-pot
    :parameters (?o - pot ?c - board)
    :precondition (and (holding ?o) (clear ?c))
    :effect (and (on ?o ?c) (clear ?o) (hand-empty)
                 (not (clear ?c)) (not (holding ?o))))

  (:action take-from-burner
    :parameters (?o - pot ?b - burner ?k - button)
    :precondition (and (on ?o ?b) (clear ?o) (hand-empty)
                       (controls ?k ?b) (not (lit ?k)))
    :effect (and (holding ?o) (clear ?b)
                 (not (on ?o ?b)) (not (clear ?o)) (not (hand-empty))))

  (:action put-on-burner
    :parameters (?o - pot ?b - burner ?k - button)
    :precondition (and (holding ?o) (clear ?b) (controls ?k ?b) (not (lit ?k)))
    :effect (and (on ?o ?b) (clear ?o) (hand-empty)
                 (not (clear ?b)) (not (holding ?o))))

  (:action switch-on
    :parameters (?k - button ?b - burner ?o - pot)
    :precondition (and (controls ?k ?b) (on ?o ?b) (hand-empty) (not (lit ?k)))
    :effect (lit ?k))

  (:action switch-off
    :parameters (?k - button)
    :precondition (and (lit ?k) (hand-empty))
    :effect (not (lit ?k))))

; The food is cooked: the pot on the burner, the food on it, the stove on.
(define (problem kitchen-p01)
  (:domain kitchen)
  (:objects carrot - food pan - pot stove - burner knob - button
            board1 board2 - board)
  (:init (on pan board1) (on carrot board2) (clear pan) (clear carrot) (clear stove)
         (hand-empty) (controls knob stove))
  (:goal (and (on pan stove) (on carrot pan) (lit knob))))

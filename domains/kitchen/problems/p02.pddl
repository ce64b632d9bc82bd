; Supper is ready: the fish goes onto the plate, the stove off, the pan off the stove.
(define (problem kitchen-p02)
  (:domain kitchen)
  (:objects fish - food pan - pot stove - burner knob - button
            board1 - board plate1 - plate)
  (:init (on pan stove) (on fish pan) (clear fish) (clear board1) (clear plate1)
         (lit knob) (hand-empty) (controls knob stove))
  (:goal (and (on fish plate1) (on pan board1) (not (lit knob)))))

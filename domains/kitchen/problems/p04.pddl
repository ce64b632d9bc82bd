; Two stoves, of which one is on: both courses are to be cooked.
(define (problem kitchen-p04)
  (:domain kitchen)
  (:objects fish rice - food pan pot - pot stove1 stove2 - burner
            knob1 knob2 - button board1 - board plate1 - plate)
  (:init (on pan stove1) (on rice pan) (on pot board1) (on fish plate1)
         (clear rice) (clear pot) (clear fish) (clear stove2)
         (lit knob1) (hand-empty) (controls knob1 stove1) (controls knob2 stove2))
  (:goal (and (on pan stove1) (on fish pan) (lit knob1)
              (on pot stove2) (on rice pot) (lit knob2))))

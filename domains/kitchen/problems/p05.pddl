; The two pots change their stoves, both of them on before and after.
(define (problem kitchen-p05)
  (:domain kitchen)
  (:objects fish rice - food pan pot - pot stove1 stove2 - burner
            knob1 knob2 - button board1 - board plate1 - plate)
  (:init (on pan stove1) (on fish pan) (on pot stove2) (on rice plate1)
         (clear fish) (clear pot) (clear rice) (clear board1)
         (lit knob1) (lit knob2) (hand-empty)
         (controls knob1 stove1) (controls knob2 stove2))
  (:goal (and (on pan stove2) (on fish pan) (lit knob2)
              (on pot stove1) (on rice pot) (lit knob1))))

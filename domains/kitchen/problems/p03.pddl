; One stove, two pots: what is cooked makes room for what is not.
(define (problem kitchen-p03)
  (:domain kitchen)
  (:objects fish rice - food pan pot - pot stove - burner knob - button
            board1 board2 - board plate1 plate2 - plate)
  (:init (on pan stove) (on fish pan) (on pot board1) (on rice board2)
         (clear fish) (clear rice) (clear pot) (clear plate1) (clear plate2)
         (lit knob) (hand-empty) (controls knob stove))
  (:goal (and (on fish plate1) (on pot stove) (on rice pot) (lit knob))))

; A menu of three courses on one stove: the fish is served, the rice cooks, the pan and
; the carrot wait.
(define (problem kitchen-p06)
  (:domain kitchen)
  (:objects fish rice carrot - food pan pot - pot stove - burner knob - button
            board1 board2 - board plate1 plate2 - plate)
  (:init (on pan stove) (on fish pan) (on pot board1) (on rice pot)
         (on carrot plate1) (clear fish) (clear rice) (clear carrot) (clear board2)
         (clear plate2) (lit knob) (hand-empty) (controls knob stove))
  (:goal (and (on fish plate1) (on pan board1) (on carrot board2) (on pot stove)
              (on rice pot) (lit knob))))

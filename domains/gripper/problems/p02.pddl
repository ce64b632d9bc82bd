; 2 balls from one room to the other, as in the competition but with one gripper.
(define (problem gripper-2)
  (:domain gripper)
  (:objects rooma roomb ball1 ball2 left)
  (:init
    (room rooma)
    (room roomb)
    (ball ball1)
    (ball ball2)
    (gripper left)
    (at-robby rooma)
    (free left)
    (at ball1 rooma)
    (at ball2 rooma)
  )
  (:goal (and
    (at ball1 roomb)
    (at ball2 roomb)
  )))

; By jouleplan generate sorting --size 3 --seed 3.
; A plan of 6 operators is known, by fast-downward; a shorter one may exist.
(define (problem sorting-3)
  (:domain sorting)
  (:objects cube1 - cube bar1 - bar tile1 - tile left middle right - zone)
  (:init
    (on-table cube1)
    (in bar1 right)
    (on-table tile1)
    (hand-empty)
    (belongs cube1 right)
    (belongs bar1 left)
    (belongs tile1 middle)
  )
  (:goal (and
    (in cube1 right)
    (in bar1 left)
    (in tile1 middle)
  )))

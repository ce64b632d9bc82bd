; Three blocks change places in a circle: two swaps, or four moves.
(define (problem rotate) (:domain rotation)
  (:objects red green blue - block p1 p2 p3 p4 - pad)
  (:init (on red p1) (on green p2) (on blue p3) (clear p4) (empty))
  (:goal (and (on red p2) (on green p3) (on blue p1))))

; One nut, one post.
(define (problem p01)
  (:domain nut-assembly)
  (:objects n1 - narrow-nut post1 - thin-post)
  (:init (on-table n1) (free post1) (hand-empty) (fits n1 post1))
  (:goal (around n1 post1)))

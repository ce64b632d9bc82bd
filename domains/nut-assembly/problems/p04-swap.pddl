; Two nuts change their posts; one of them has to lie on the table meanwhile.
(define (problem p04-swap)
  (:domain nut-assembly)
  (:objects n1 n2 - narrow-nut post1 post2 - thin-post)
  (:init (around n1 post1) (around n2 post2) (hand-empty)
         (fits n1 post1) (fits n1 post2) (fits n2 post1) (fits n2 post2))
  (:goal (and (around n1 post2) (around n2 post1))))

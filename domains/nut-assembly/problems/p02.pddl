; Two nuts; the wide one goes over both posts, the narrow one over one of them only.
(define (problem p02)
  (:domain nut-assembly)
  (:objects n1 - narrow-nut n2 - wide-nut post1 - thin-post post2 - thick-post)
  (:init (on-table n1) (on-table n2)
         (free post1) (free post2) (hand-empty)
         (fits n1 post1) (fits n2 post1) (fits n2 post2))
  (:goal (and (around n1 post1) (around n2 post2))))

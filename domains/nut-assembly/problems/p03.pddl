; Three nuts over three posts, all from the table.
(define (problem p03)
  (:domain nut-assembly)
  (:objects n1 n2 - narrow-nut n3 - wide-nut post1 post2 - thin-post post3 - thick-post)
  (:init (on-table n1) (on-table n2) (on-table n3)
         (free post1) (free post2) (free post3) (hand-empty)
         (fits n1 post1) (fits n1 post2) (fits n2 post1) (fits n2 post2)
         (fits n3 post1) (fits n3 post2) (fits n3 post3))
  (:goal (and (around n1 post1) (around n2 post2) (around n3 post3))))

; A wide nut lies round the thin post that the narrow one needs, and moves on.
(define (problem p04-moved)
  (:domain nut-assembly)
  (:objects n1 - narrow-nut n2 n3 - wide-nut
            post1 - thin-post post2 post3 - thick-post)
  (:init (on-table n1) (around n2 post1) (around n3 post2)
         (free post3) (hand-empty)
         (fits n1 post1)
         (fits n2 post1) (fits n2 post2) (fits n2 post3)
         (fits n3 post1) (fits n3 post2) (fits n3 post3))
  (:goal (and (around n1 post1) (around n2 post2) (around n3 post3))))

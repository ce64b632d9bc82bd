; Five nuts: one moves from post to post, one makes room for another.
(define (problem p05-five)
  (:domain nut-assembly)
  (:objects n1 n2 n3 n4 - narrow-nut n5 - wide-nut
            post1 post2 - thin-post post3 - thick-post)
  (:init (around n1 post1) (around n2 post2) (around n5 post3)
         (on-table n3) (on-table n4) (hand-empty)
         (fits n1 post1) (fits n1 post2) (fits n2 post1) (fits n2 post2)
         (fits n3 post1) (fits n3 post2) (fits n4 post1) (fits n4 post2)
         (fits n5 post1) (fits n5 post2) (fits n5 post3))
  (:goal (and (around n2 post1) (around n3 post2) (around n5 post3)
              (on-table n1) (on-table n4))))

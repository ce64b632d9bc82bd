; By jouleplan generate assembly-line --size 3 --seed 3.
; A plan of 6 operators is known, by fast-downward; a shorter one may exist.
(define (problem assembly-line-3)
  (:domain assembly-line)
  (:objects gear1 gear2 - gear bolt1-bad - bolt s1 s2 s3 - station gears bolts rejects - bin)
  (:init
    (on gear1 s1)
    (on gear2 s2)
    (on bolt1-bad s3)
    (hand-empty)
    (first s1)
    (reject rejects)
    (behind s2 s1)
    (behind s3 s2)
    (takes gears gear1)
    (takes gears gear2)
    (takes bolts bolt1-bad)
    (defective bolt1-bad)
  )
  (:goal (and
    (in gear1 gears)
    (in gear2 gears)
    (in bolt1-bad rejects)
  )))

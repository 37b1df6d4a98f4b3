"""Ways to settle a statement.

* `evaluate`   a formula at one exact point: true, false or unknown, never guessed
* `symbolic`   proofs, given or found, checked by `dmftheory.trust`
* `kernel`     a second proof, where there is one, checked by the kernel of Rocq
* `smt`        the real closed field at each fixed depth
* `boxes`      branch and bound over open, closed and unbounded regions at each fixed depth (`region`, `contract`: signs on boxes)
* `gaps`       poles between the points, by the intermediate value theorem
* `precision`  a quick look with 50 and 100 digits, which decides nothing
* `second_opinion`  cvc5, where it is installed, on what z3 decides
* `sampling`   exact random instances, with the smallest and the worst counterexample
* `settle`     all of them, and one verdict
* `replay`     one instance again, from a line of text
"""

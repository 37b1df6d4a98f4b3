"""Ways to settle a statement.

* `evaluate`   a formula at one exact point: true, false or unknown, never guessed
* `symbolic`   proofs, given or found, checked by `dmftheory.trust`
* `kernel`     a second proof, where there is one, checked by the kernel of Rocq
* `smt`        the real closed field at each fixed depth
* `boxes`      branch and bound on balls at each fixed depth
* `sampling`   exact random instances, with the smallest and the worst counterexample
* `settle`     all of them, and one verdict
* `replay`     one instance again, from a line of text
"""

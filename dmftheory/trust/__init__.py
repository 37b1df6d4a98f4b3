"""What you must trust: the few rules that may say `proved`.

* `proof`    proofs as data, trees of rules; nothing here runs
* `check`    each rule takes a sequent and produces the obligations itself; the leaves are decided, the rest is bookkeeping
* `atoms`    abstraction: powers, logs and observables become real unknowns with the few facts that hold of them
* `decide`   the two decisions: identity by exact normal form, and the real closed field by z3
* `words`    identity of matrix words with orthogonal and diagonal letters

A wrong proof is rejected here, whoever wrote it; a false statement that passes is the worst bug this project can have.
"""

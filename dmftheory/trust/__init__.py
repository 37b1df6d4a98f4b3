"""What you must trust: the few rules that may say `proved`.

* `proof`    proofs as data, trees of rules; nothing here runs
* `check`    each rule takes a sequent and produces the obligations itself; the leaves are decided, the rest is bookkeeping
* `atoms`    abstraction: powers, logs and observables become real unknowns with the few facts that hold of them
* `constants` identity where the coefficients are cosines and sines of rational multiples of pi
* `sequent`  what is to be shown, and the conditions under which its expressions have a value
* `decide`   the two decisions: identity by exact normal form, and the real closed field by z3
* `words`    identity of matrix words with orthogonal and diagonal letters

Trusted with them: `dmftheory.claims.wellformed` and `vocabulary` (what a statement may say, and of which symbols SymPy may assume what),
`dmftheory.numerics.balls` (enclosures of irrational constants), SymPy's arithmetic and differentiation, z3.

Three principles carry the rest. Every formula that a proof brings in has a value for all its variables, or is refused: SymPy may replace a
real unknown by a complex number as soon as a value is put in. No expression is treated unless a rule says where it has a value. What is not
decided, within a count of z3's work that does not depend on the machine, is rejected.

A wrong proof is rejected here, whoever wrote it; a false statement that passes is the worst bug this project can have.
"""

"""What you must trust: the few rules that may say `proved`.

* `evidence`  the only function that says it, and the second look before it is printed
* `check`     walks a proof: the leaves are decided, lemmas are checked first, every rule is asked for its obligations
* `rules`     each rule takes a sequent and its node of the proof and produces the obligations itself
* `facts`     the schemata of facts and the instances of proved theorems, each with its own premises
* `atoms`     abstraction: powers, logs and observables become real unknowns with the few facts that hold of them
* `decide`    the two decisions: identity by exact normal form, and the real closed field by z3
* `kernel`    the kernel of Rocq as a judge of a statement that is written here
* `sequent`   what is to be shown, for which variables, from what

Trusted with them, and listed with their sizes in docs/trust.md: the language of statements (`claims`: what they may say and where their
expressions have a value), the arithmetic (`numerics`: enclosures, cyclotomic fields, matrix words), SymPy, z3, FLINT.

Three principles carry the rest. Every formula that a proof brings in has a value for all its variables, or is refused: SymPy may replace a
real unknown by a complex number as soon as a value is put in. No expression is treated unless a rule says where it has a value. What is not
decided, within a count of z3's work that does not depend on the machine, is rejected.

A wrong proof is rejected here, whoever wrote it; a false statement that passes is the worst bug this project can have.
"""

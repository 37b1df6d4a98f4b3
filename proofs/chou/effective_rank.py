"""Proofs about the effective rank: sums and largest values in the real closed field, passages by monotone factors."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import Abs, Add, And, Max, Symbol

from dmftheory.claims import Factor, LearningStep
from dmftheory.claims.proof import AtPassage, Defined, Have, Induct, NotYet, Proof, algebra, lemma, split
from dmftheory.theorems.chou.effective_rank import M, N, alpha, delta, eigenvalues, eps, eta, j, k, r, targets

J = Symbol("J", integer=True, nonnegative=True)


def _factor(at: Any, root: Any = r) -> Any:
    return Factor(N, root**N, alpha, eta, at)


def _increasing(at: Any, root: Any = r) -> Any:
    return lemma("chou.step_size.increasing", N=N, M=M, r=root, alpha=alpha, eta=eta, k=at)


def _quotient(sizes: list[Any], target: list[Any], extra: Any, drop: tuple[Any, ...] = ()) -> Proof:
    """The sum and the largest of the |w_i| are known up to epsilon and the rest; the quotient follows."""
    total, largest = Add(*map(Abs, sizes)), Max(*map(Abs, sizes))
    goal = Add(*target)
    known = And(
        (1 - eps) * target[0] <= largest,
        largest <= target[0],
        (1 - eps) * goal <= total,
        total <= goal + extra,
    )
    parts = lemma("chou.effective_rank.quotient", p=target[0], P=goal, D=extra, epsilon=eps, m=largest, S=total)
    return Have(known, split(*[algebra(drop=drop)] * 4), algebra(parts, drop=drop))


def _plateau(n: int, L: int) -> Proof:
    return _quotient(eigenvalues(n), targets(L), (n - L) * delta)


def _learned_mode() -> Proof:
    """The level is reached at the passage J <= k, and the factor increases from there to k, below r."""
    passage = LearningStep(N, r**N, alpha, eta, 1 - eps)
    reached = algebra(
        lemma("chou.effective_rank.factor_increases", N=N, M=M, r=r, alpha=alpha, eta=eta, k=J, j=k),
        _increasing(k),
        monotone(N, _factor(J), _factor(k)),
        monotone(N, _factor(k), r),
    )
    return AtPassage(passage, k, algebra(), J, Have(J <= k, algebra(), reached))


def _waiting_mode() -> Proof:
    passage = LearningStep(N, r**N, alpha, eta, delta / r**N)
    return algebra(NotYet(passage, k), _increasing(k), monotone(N, _factor(k), r))


def _window(n: int, L: int) -> Proof:
    """Each mode by its passage, then the quotient."""
    roots = [Symbol(f"r{i}", positive=True) for i in range(1, n + 1)]
    sizes = [_factor(k, root) ** N for root in roots]
    proof = _quotient(sizes, [root**N for root in roots[:L]], (n - L) * delta, drop=(N, M, alpha, eta, k, *range(n)))
    for i, root in enumerate(roots):
        known = {"N": N, "M": M, "r": root, "alpha": alpha, "eta": eta, "k": k}
        below = [sizes[i] <= roots[0] ** N] if i else []
        if i < L:
            claim = And((1 - eps) * root**N <= sizes[i], sizes[i] <= root**N, sizes[i] >= 0, *below)
            fact = lemma("chou.effective_rank.learned_mode", epsilon=eps, **known)
        else:
            claim = And(sizes[i] >= 0, sizes[i] <= delta, *below)
            fact = lemma("chou.effective_rank.waiting_mode", delta=delta, **known)
        size = Abs(_factor(k, root))
        same = And(Abs(sizes[i]) <= sizes[i], sizes[i] <= Abs(sizes[i]))
        proof = Have(same, algebra(_increasing(k, root), monotone(N, size, _factor(k, root)), monotone(N, _factor(k, root), size)), proof)
        proof = Have(claim, algebra(fact, monotone(N, root, roots[0])), proof)
    return Defined(algebra(_increasing(k, roots[0])), proof)


PROOFS: dict[str, Any] = {
    "chou.effective_rank.bounds": lambda n: algebra(),
    "chou.effective_rank.scale_free": lambda n: algebra(),
    "chou.effective_rank.lipschitz": algebra(),
    "chou.effective_rank.quotient": algebra(),
    "chou.effective_rank.plateau": _plateau,
    "chou.effective_rank.learned_mode": _learned_mode(),
    "chou.effective_rank.waiting_mode": _waiting_mode(),
    "chou.effective_rank.window": _window,
    "chou.effective_rank.factor_increases": Induct(j, algebra(_increasing(k)), algebra(_increasing(j))),
}

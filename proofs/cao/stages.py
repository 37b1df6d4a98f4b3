"""Proofs about stages: the field on either side of the inflection point, step by step; and the windows of chou.separation."""

from typing import Any

from dmftheory.proofs.lemmas.inequalities import monotone
from sympy import And, Eq, Symbol

from dmftheory.claims import Factor, FirstPassage
from dmftheory.claims.proof import (
    AtPassage,
    Defined,
    Derivative,
    Have,
    Intro,
    LogMonotone,
    LogProduct,
    NotYet,
    Proof,
    Root,
    algebra,
    lemma,
    split,
)
from dmftheory.theorems.cao.stages import ENDS, N, a, b, k, loss, low, r, state, tau, theta, top, u, w, waiting, x, x0, y, z
from dmftheory.theorems.chou.passage import LEVEL, field

K = Symbol("K", integer=True, nonnegative=True)
ROOT = Root(z, LEVEL, N)
INFLECTION = algebra(ROOT)
KNOWN = And(z > 0, z < 1, Eq((2 * N - 1) * z**N, N - 1))


def _increases(low: Any, high: Any) -> Any:
    return lemma("chou.passage.increases", N=N, tau=tau, x0=x0, k=low, j=high)


def _inside(at: Any) -> Any:
    return lemma("chou.passage.inside", N=N, tau=tau, x0=x0, k=at)


def _curvature() -> Proof:
    before = algebra(NotYet(ENDS, k))
    reached = algebra(_increases(K, k), _inside(K), monotone(N, state(K), state(k)))
    return split(Intro(AtPassage(ENDS, k, algebra(), K, reached)), Intro(before))


def _before(at: Any, then: Proof) -> Proof:
    """`at` is a step before the end of the stage: its state and those before it lie below z."""
    known = And(x0 <= state(at), state(at) < z)
    return Have(known, algebra(NotYet(ENDS, at), _inside(at), monotone(N, z, state(at))), then)


def _after(then: Proof) -> Proof:
    """k is the end of the stage or later: its state lies beyond z."""
    reached = algebra(
        _increases(K, k), _inside(K), _inside(k), monotone(N, state(K), state(k)), lemma("lemma.power_strict", n=N, a=state(k), b=z)
    )
    return AtPassage(ENDS, k, algebra(), K, Have(And(z <= state(k), state(k) < 1), reached, then))


def _known(then: Proof) -> Proof:
    return Have(KNOWN, INFLECTION, then)


def _rising(low: Any, high: Any) -> Any:
    return lemma("chou.passage.field_rises", N=N, z=z, a=low, b=high)


def _falling(low: Any, high: Any) -> Any:
    return lemma("chou.passage.field_falls", N=N, z=z, a=low, b=high)


def _order(low: Any) -> Any:
    return _increases(low, low + 1), _inside(low), _inside(low + 1)


def _rate() -> Proof:
    rises = And(0 <= field(state(k)), field(state(k)) <= field(state(k + 1)))
    falls = And(0 <= field(state(k + 1)), field(state(k + 1)) <= field(state(k)))
    later = _after(Have(falls, algebra(*_order(k), _falling(state(k), state(k + 1))), algebra(drop=(0,))))
    sooner = _before(k + 1, Have(rises, algebra(*_order(k), _rising(state(k), state(k + 1))), algebra(drop=(0,))))
    return _known(split(Intro(later), Intro(sooner)))


def _loss_rising() -> Proof:
    first = Derivative(x, y, algebra(), algebra(monotone(N, x, z)))
    second = Derivative(x, y, algebra(), algebra(_rising(x, y)))
    return Defined(INFLECTION, _known(split(first, second)))


def _loss_falling() -> Proof:
    first = Derivative(y, x, algebra(), algebra(monotone(N, z, y)))
    second = Derivative(y, x, algebra(), algebra(_falling(x, y)))
    return Defined(INFLECTION, _known(split(first, second)))


def _moves(low: Any, high: Any) -> Any:
    return lemma("chou.passage.stays_below", N=N, tau=tau, x=low, y=high)


def _two_steps() -> Proof:
    """Each fall of the loss against the field at the state between the two steps; the step sizes against the field at their starts."""
    start, middle = field(x), field(y)
    ordered = And(0 < x, x < y, y < w, w < 1, start > 0, middle > 0)
    first, second = loss(x) - loss(y), loss(y) - loss(w)

    def compared(fact: str, order: Any, close: Any, longer: tuple[Any, Any], bounds: tuple[Any, Any]) -> Proof:
        pairs = ((x, y), (y, w))
        around = [algebra(lemma(f"cao.stages.loss_{fact}", N=N, z=z, x=i, y=j), drop=(tau, y, w)) for i, j in pairs]
        chain = Have(bounds[0], around[0], Have(bounds[1], around[1], algebra(drop=(N, z, x, y, w, tau, 0, 1, 2, 3, 4))))
        grown = Have(N * middle * longer[0] <= N * middle * longer[1], algebra(drop=(z, x, y, w, tau)), chain)
        final = Have(longer[0] <= longer[1], algebra(drop=(N, z, x)), grown)
        return Intro(Have(order, algebra(close, drop=(tau, y, w)), final))

    rising = compared(
        "rising", start <= middle, _rising(x, y), (y - x, w - y), (first <= N * middle * (y - x), N * middle * (w - y) <= second)
    )
    falling = compared(
        "falling", middle <= start, _falling(x, y), (w - y, y - x), (N * middle * (y - x) <= first, second <= N * middle * (w - y))
    )
    inside = Have(And(x < y, y < 1), algebra(_moves(x, y), drop=(z, w)), algebra(_moves(x, y), _moves(y, w), drop=(z,)))
    return Defined(INFLECTION, _known(Have(ordered, inside, split(falling, rising))))


def _decrease() -> Proof:
    after, then = (state(k + i).unfold() for i in (1, 2))
    both = lemma("cao.stages.two_steps", N=N, z=z, tau=tau, x=state(k), y=after, w=then)
    return _known(split(Intro(_after(algebra(both))), Intro(_before(k + 2, algebra(both, _inside(k))))))


def _region() -> Proof:
    inside = algebra(*(lemma("lemma.power_strict", n=N, a=point, b=r) for point in (x0, u)), lemma("lemma.power_strict", n=N, a=y, b=1))
    return Defined(inside, algebra(lemma("chou.separation.window", N=N, r=r, x=x0, z=u, y=y)))


def _valley() -> Proof:
    """The lower peak is at most the higher one; the rest is linear in the squares."""
    by = algebra(ROOT, lemma("cao.stages.height", N=N, z=z, r=r, u=z), monotone(4 * N - 2, r, 1))
    lower = And(low <= top, Eq(waiting(r * z) ** 2, low))
    return Defined(INFLECTION, Have(lower, by, algebra(drop=(N, z, r, x, u, top, low, a, b))))


def _region_steps() -> Proof:
    other = Factor(N, r**N, x0, tau, k)
    rising = algebra(lemma("chou.step_size.increasing", N=N, M=r, r=r, alpha=x0, eta=tau, k=k), monotone(2 * N - 2, r, 1))
    waits = algebra(lemma("chou.separation.waiting_steps", N=N, r=r, alpha=x0, eta=tau, k=k), monotone(2 * N - 2, r, 1))
    early = Have(
        And(x0 <= other, other <= r),
        rising,
        Have(other ** (2 - N) >= u ** (2 - N), waits, algebra(lemma("lemma.power_strict", n=N - 2, a=u, b=other))),
    )
    learned = AtPassage(
        FirstPassage(N, tau, x0, theta), k, algebra(), K, algebra(_increases(K, k), _inside(K), monotone(N, state(K), state(k)))
    )
    return split(learned, early)


PROOFS: dict[str, Any] = {
    "cao.stages.curvature": _curvature(),
    "cao.stages.rate": _rate(),
    "cao.stages.equal": _rate(),
    "cao.stages.loss_rising": _loss_rising(),
    "cao.stages.loss_falling": _loss_falling(),
    "cao.stages.height": Defined(INFLECTION, algebra(ROOT, lemma("chou.product.peak", N=N, z=z, x=u))),
    "cao.stages.region": _region(),
    "cao.stages.region_depth_two": algebra(lemma("chou.separation.window_depth_two", r=r, x=x0, z=u, y=y), LogProduct(u, 1 / u)),
    "cao.stages.escape": split(
        Derivative(y, x, algebra(), algebra()),
        algebra(lemma("chou.flow_time.recovery", N=N, x=x, y=y), lemma("chou.flow_time.tail_bounds", N=N, a=y)),
    ),
    "cao.stages.escape_depth_two": split(
        Derivative(y, x, algebra(), algebra()),
        algebra(
            lemma("chou.flow_time.recovery_depth_two", x=x, y=y),
            LogProduct(y**2 / (1 - y**2), 1 - y**2),
            LogProduct(y, y),
            LogProduct(y, 1 / x),
            LogMonotone(1 - x**2, 1),
        ),
    ),
    "cao.stages.valley": _valley(),
    "cao.stages.region_steps": _region_steps(),
    "cao.stages.two_steps": _two_steps(),
    "cao.stages.decrease": _decrease(),
    "cao.stages.visit": algebra(lemma("lemma.bernoulli", n=N, h=x - 1), monotone(N, u, r), monotone(N - 1, x, 1)),
}

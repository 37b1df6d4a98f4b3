"""Random access to states: enclosures that meet those of plain iteration, at any step, to any number of digits."""

import random
from fractions import Fraction

import pytest
from abel_problems import effort, falling, rising
from flint import arb

from dmftheory.numerics import abel_inverse, abel_state
from dmftheory.numerics.access import JUMP, along
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.iterate import Recursion
from dmftheory.numerics.iterate import along as step_by_step
from dmftheory.problem import Problem
from dmftheory.trajectory import effective_rank_at, state_at

ONE = Eigenvalue.of(Fraction(1))


def recursions(rng: random.Random, cases: int) -> list[Recursion]:
    return [(rising(rng) if rng.random() < 0.6 else falling(rng)).recursion for _ in range(cases)]


def meets_iteration(recursion: Recursion, step: int, bits: int) -> bool:
    """Whether the jump's enclosure overlaps the much narrower one of plain iteration, and is narrow itself."""
    jumped, iterated = next(along(recursion, (step,), bits)), next(step_by_step(recursion, (step,), bits + 256))
    assert jumped is not None
    assert iterated is not None
    assert (jumped[1] - jumped[0]) * 2 ** (bits - 40) <= jumped[1]
    return jumped[0] <= iterated[1] and iterated[0] <= jumped[1]


def test_jumps_meet_plain_iteration() -> None:
    rng = random.Random(41)
    for recursion in recursions(rng, effort(60)):
        assert meets_iteration(recursion, rng.randint(JUMP + 1, 8000), rng.choice((96, 128, 192)))


def test_no_bits_are_lost_at_a_large_step_size() -> None:
    """tau = 1.9 at lambda = -3/10: the logarithms of a high order cancel, and A of a ball loses what they cancel."""
    recursion = Recursion(4, Eigenvalue.of(Fraction(-3, 10)), Fraction(1990332158443, 2**45), Fraction(203110553925, 2**34))
    assert all(meets_iteration(recursion, 3184, bits) for bits in (96, 128, 192, 512))


def test_hundreds_of_digits_at_a_far_step_meet_plain_iteration() -> None:
    """Orders up to 96 jump to where h is small enough for so many digits; 25 000 steps are left for iteration."""
    recursion = Recursion(3, ONE, Fraction(1, 50), Fraction(1, 500))
    assert meets_iteration(recursion, 25_000, 1024)


def test_a_jump_that_is_one_step_off_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(42)
    kept = abel_state._located
    monkeypatch.setattr(
        abel_state,
        "_located",
        lambda frame, ends, start, order, known, step, edges=None: one_more(kept, ends, step, frame, start, order, known, edges),
    )
    assert not all(meets_iteration(recursion, JUMP + 500, 128) for recursion in recursions(rng, 12))


def one_more(kept, ends, step, *given) -> None:  # type: ignore[no-untyped-def]
    """The state of step + 1, passed off as that of `step`."""
    frame, start, order, known, edges = given
    kept(frame, ends, start, order, known, step + 1, edges)
    ends.done = min(ends.done, step)


def test_an_inversion_that_forgets_the_defect_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """With orders that are too low the enclosure widens; with the defect forgotten as well it misses the state."""
    recursion, steps = Recursion(3, ONE, Fraction(1, 500), Fraction(1, 30)), 14_950
    (iterated,) = step_by_step(recursion, (steps,), 400)
    assert iterated is not None
    assert 0.1 < iterated[0] < 0.9
    monkeypatch.setattr(abel_state, "whole_order", lambda *_: 4)
    (honest,) = along(recursion, (steps,), 128)
    assert honest is not None
    assert honest[0] <= iterated[0] <= iterated[1] <= honest[1]
    monkeypatch.setattr(abel_inverse, "accumulated", lambda fn, start, end: arb(2) ** -300)
    (wrong,) = along(recursion, (steps,), 128)
    assert wrong is not None
    assert iterated[1] < wrong[0] or wrong[1] < iterated[0]


@pytest.mark.parametrize("digits", [10, 30, 100])
@pytest.mark.parametrize("step", [10**6, 10**12, 10**18, 10**24])
def test_states_come_to_the_digits_asked_for(step: int, digits: int) -> None:
    for depth, alpha, eta in ((2, "1e-20", "1e-5"), (3, "1e-9", "1/100"), (4, "1e-9", "1/5"), (8, "1/100", "1/9"), (12, "1e-2", "1/12")):
        problem = Problem.parse(depth=str(depth), spectrum="1,0,-1", alpha=alpha, eta=eta)
        for index in (1, 2, 3):
            found = state_at(problem, index, step, digits)
            assert found.certified
            vanished = depth == 2 and index == 3 and found.upper < Fraction(1, 2**10_000)
            assert found.accurate_to(digits) or vanished


def test_one_step_more_is_one_step_of_the_map() -> None:
    """The enclosure of d(k + 1) meets the image of that of d(k), on the steep part of a passage 10^18 steps away."""
    problem = Problem.parse(depth="4", spectrum="1", alpha="1e-9", eta="1/20")
    passage = 10**19  # 1/(2 eta alpha^2), to leading order
    for k in (passage - 10**6, passage - 100, passage):
        before, after = (state_at(problem, 1, step, 60) for step in (k, k + 1))
        low, high = (d + Fraction(1, 20) * d**3 * (1 - d**4) for d in (before.lower, before.upper))
        assert before.accurate_to(60)
        assert low <= after.upper
        assert after.lower <= high


def test_states_agree_with_passages() -> None:
    """d(k)^N is below the level one step before the passage and not below it there."""
    from dmftheory.levels import first_passage

    for depth, alpha, eta in ((2, "1e-30", "1e-7"), (3, "1e-8", "1/40"), (5, "1e-4", "1/6")):
        problem = Problem.parse(depth=str(depth), spectrum="1", alpha=alpha, eta=eta)
        step = first_passage(depth, ONE, problem.alpha, problem.eta, Fraction(1, 3)).step
        assert step is not None
        assert state_at(problem, 1, step - 1, 30).upper ** depth < Fraction(1, 3)
        assert state_at(problem, 1, step, 30).lower ** depth >= Fraction(1, 3)


def test_more_digits_lie_inside_fewer() -> None:
    problem = Problem.parse(depth="3", spectrum="2,-1", alpha="1e-6", eta="1/50")
    for index in (1, 2):
        coarse, fine = (state_at(problem, index, 10**7, digits) for digits in (20, 60))
        assert coarse.lower <= fine.lower <= fine.upper <= coarse.upper


def test_fixed_points_and_resting_states_stay() -> None:
    far = 10**30
    assert state_at(Problem.parse(depth="3", spectrum="8", alpha="2", eta="1/1000"), 1, far).middle == 2
    resting = state_at(Problem.parse(depth="3", spectrum="8", alpha="1/2", eta="1/100"), 1, far)
    assert resting.accurate_to(30)
    assert resting.lower <= 2 <= resting.upper
    from_above = state_at(Problem.parse(depth="3", spectrum="8", alpha="3", eta="1/1000"), 1, far)
    assert from_above.accurate_to(30)
    assert from_above.lower <= 2 <= from_above.upper


def test_a_start_that_hardly_moves_is_known_at_once() -> None:
    found = state_at(Problem.parse(depth="200", spectrum="1", alpha="1e-300", eta="1/1000"), 1, 10**18)
    assert found.accurate_to(30)
    assert found.lower <= Fraction(1, 10**300) <= found.upper


def test_beyond_order_preservation_far_states_are_not_certified() -> None:
    problem = Problem.parse(depth="3", spectrum="1", alpha="1e-9", eta="1/2")
    assert not state_at(problem, 1, 10**18, 10).certified


def test_the_effective_rank_far_out() -> None:
    """Between the two passages, 2e18 and 4e18 steps away, one eigenvalue is learnt and the other is not."""
    problem = Problem.parse(depth="4", spectrum="1,1/2", alpha="1e-9", eta="1/4")
    early, between, late = (effective_rank_at(problem, k * 10**18, 20) for k in (1, 3, 5))
    assert early.accurate_to(20)
    assert abs(between.middle - 1) < Fraction(1, 10**20)
    assert abs(late.middle - Fraction(3, 2)) < Fraction(1, 10**18)

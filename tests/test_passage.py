"""First passages and plateaus: the same integers as a plain MPFR loop, ties decided exactly, never and unknown told apart."""

import json
import random
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import gmpy2
import pytest
from gmpy2 import mpfr

from dmftheory.errors import InputError
from dmftheory.levels import Level, passages
from dmftheory.numerics import crossing, ties
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.flow import crossing_bracket
from dmftheory.numerics.iterate import Recursion
from dmftheory.passage import Passage, first_passage, transitions
from dmftheory.problem import Problem
from dmftheory.trajectory import snapshots

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
ONE = Eigenvalue.of(Fraction(1))
SMALLER_GOLDEN = Eigenvalue((1, -3, 1), (Fraction(1, 4), Fraction(1, 2)))  # (3 - sqrt 5)/2


def q(text: str) -> Fraction:
    return Fraction(text)


def plain_loop(depth: int, lam: Fraction, alpha: Fraction, eta: Fraction, theta: Fraction, bits: int = 200) -> int:
    """The first k with d(k)^N >= theta * lambda by MPFR, rounded to nearest, in the order of operations of the definition."""
    with gmpy2.context(precision=bits):
        d, target, step, fraction = (mpfr(gmpy2.mpq(v.numerator, v.denominator)) for v in (alpha, lam, eta, theta))
        level, k = fraction * target, 0
        while d**depth < level:
            d = d - step * d ** (depth - 1) * (d**depth - target)
            k += 1
        return k


def test_the_reference_problem_agrees_with_a_plain_mpfr_loop() -> None:
    problem = Problem.parse(depth="3", spectrum="10,5,1,-2", alpha="1e-2", eta="1e-4")
    found = transitions(problem)
    for mode, lam in zip(found.modes, (10, 5, 1), strict=False):
        assert mode.passage.step == plain_loop(3, Fraction(lam), q("1/100"), q("1/10000"), q("1/2"))
    assert all(mode.passage.certified for mode in found.modes)
    last = found.modes[3].passage
    assert last.step is None
    assert last.reason is not None
    assert "negative" in last.reason


def random_problem(rng: random.Random) -> tuple[int, Fraction, Fraction, Fraction, Fraction]:
    """Depth, lambda, alpha < r, eta with N eta lambda^(2-2/N) <= 1 and about 2000 steps at most, threshold below 1."""
    depth = rng.choice([2, 3, 4, 5, 6, 8])
    lam = Fraction(rng.randint(20, 500), 100)
    alpha = Fraction(rng.randint(1, 60), 100) if depth == 2 else Fraction(rng.randint(40, 80), 100)
    while alpha**depth >= lam:
        alpha /= 2
    eta = Fraction(rng.randint(5, 100), 100) / (depth * max(lam, lam**2))
    return depth, lam, alpha, eta, Fraction(rng.randint(1, 9999), 10_000)


def test_random_problems_agree_with_a_plain_mpfr_loop() -> None:
    rng = random.Random(3)
    seen = []
    for _ in range(150):
        depth, lam, alpha, eta, theta = random_problem(rng)
        found = first_passage(depth, Eigenvalue.of(lam), alpha, eta, theta)
        assert found.certified
        assert found.step == plain_loop(depth, lam, alpha, eta, theta)
        assert found.bracket == (found.step, found.step)
        seen.append(found.step)
    assert max(seen) > 500
    assert seen.count(0) < 50


def test_levels_within_a_hair_of_an_iterate_agree_with_a_2000_bit_loop() -> None:
    """theta = u_k (1 +- 10^-m), m up to 200: decided by more precision, never by a guess."""
    rng = random.Random(6)
    for _ in range(40):
        depth, lam, alpha, eta, _ = random_problem(rng)
        with gmpy2.context(precision=2000):
            d, target, step = (mpfr(gmpy2.mpq(v.numerator, v.denominator)) for v in (alpha, lam, eta))
            for _ in range(rng.randint(1, 80)):
                d = d + step * d ** (depth - 1) * (target - d**depth)
            u = Fraction(*(int(v) for v in (d**depth / target).as_integer_ratio()))
        m = rng.randint(5, 200)
        theta = Fraction(int(u * (1 + Fraction(rng.choice([1, -1]), 10**m)) * 10 ** (m + 30)), 10 ** (m + 30))
        found = first_passage(depth, Eigenvalue.of(lam), alpha, eta, min(theta, q("999999/1000000")))
        assert found.certified
        assert found.step == plain_loop(depth, lam, alpha, eta, min(theta, q("999999/1000000")), bits=2000)


def test_an_irrational_eigenvalue_agrees_with_a_plain_loop() -> None:
    with gmpy2.context(precision=400):
        lam = Fraction(*(int(v) for v in ((3 - gmpy2.sqrt(mpfr(5))) / 2).as_integer_ratio()))
    for theta in (q("1/2"), q("9/10"), q("999/1000")):
        found = first_passage(3, SMALLER_GOLDEN, q("1/20"), q("1/10"), theta)
        assert found.certified
        assert found.step == plain_loop(3, lam, q("1/20"), q("1/10"), theta)


def test_several_levels_in_one_sweep_are_the_single_answers() -> None:
    levels = [Level(q(theta)) for theta in ("9/10", "1/2", "1/2", "2", "1/10000000")]
    levels.insert(2, Level(q("1/50"), absolute=True))
    found = passages(3, ONE, q("1/20"), q("1/10"), levels)
    alone = [passages(3, ONE, q("1/20"), q("1/10"), [level])[0] for level in levels]
    assert list(found) == alone
    assert [p.step for p in found][4:] == [None, 0]
    assert found[1].step == plain_loop(3, Fraction(1), q("1/20"), q("1/10"), q("1/2"))


def test_a_tie_at_the_first_step_is_a_passage() -> None:
    """d(0) = 1/2, d(1) = 1/2 + (1/3)(1/2)(3/4) = 5/8: the level 25/64 is hit exactly."""
    tie = first_passage(2, ONE, q("1/2"), q("1/3"), q("25/64"))
    assert (tie.step, tie.certified, tie.method) == (1, True, "exact")
    tiny = Fraction(1, 10**60)
    assert first_passage(2, ONE, q("1/2"), q("1/3"), q("25/64") + tiny).step == 2
    assert first_passage(2, ONE, q("1/2"), q("1/3"), q("25/64") - tiny).step == 1


@pytest.mark.parametrize("depth", [2, 3, 5])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_ties_at_early_steps_are_passages(depth: int, step: int) -> None:
    d, lam, eta = q("1/2"), q("3/2"), q("1/9")
    for _ in range(step):
        d = d + eta * d ** (depth - 1) * (lam - d**depth)
    assert first_passage(depth, Eigenvalue.of(lam), q("1/2"), eta, d**depth / lam).step == step


def test_a_tie_with_an_irrational_eigenvalue_is_decided_in_its_field() -> None:
    """lambda^2 = 3 lambda - 1, alpha = 1/2, eta = 4/5: d(1) = (2/5)(1 + lambda), d(1)^2 = (4/5) lambda."""
    tie = first_passage(2, SMALLER_GOLDEN, q("1/2"), q("4/5"), q("4/5"))
    assert (tie.step, tie.certified, tie.method) == (1, True, "exact")
    assert first_passage(2, SMALLER_GOLDEN, q("1/2"), q("4/5"), q("4/5") + Fraction(1, 10**50)).step == 2


def test_mutant_without_exact_ties_leaves_the_tie_open(monkeypatch: pytest.MonkeyPatch) -> None:
    from dmftheory import levels

    monkeypatch.setattr(levels, "exact_decision", lambda *arguments: None)
    found = first_passage(2, ONE, q("1/2"), q("1/3"), q("25/64"))
    assert (found.step, found.bracket, found.certified) == (None, (1, 2), False)
    assert found.reason is not None
    assert "tie" in found.reason


def test_mutant_rounding_the_wrong_way_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """With both directions swapped the lower end arrives too early: the bracket turns round at a level between the ends."""
    honest = crossing.rounding
    d = q("1/10")
    for _ in range(3):
        d = d + q("1/7") * d * (1 - d**2)
    theta = d**2 + Fraction(1, 2**400)  # just missed at step 3
    assert first_passage(2, ONE, q("1/10"), q("1/7"), theta).step == 4
    monkeypatch.setattr(crossing, "rounding", lambda direction, bits: honest(-direction, bits))
    found = crossing.bracket_crossings(Recursion(2, ONE, q("1/10"), q("1/7")), [(theta, theta)], 64, 100)
    assert found is not None
    first, last = found[0]
    assert last is not None
    assert not first <= 4 <= last


def test_valuations_exclude_ties_where_exact_iteration_would_not_end() -> None:
    recursion = Recursion(3, Eigenvalue.of(Fraction(10)), q("1/100"), q("1/10000"))
    assert ties.tie_excluded(recursion, q("1/2"), False, 99_611)
    assert ties.exact_decision(recursion, q("1/2"), False, 99_611) is None
    assert ties.valuation(Fraction(24, 7), 2) == 3
    assert ties.valuation(Fraction(24, 49), 7) == -2
    later = Recursion(2, ONE, Fraction(1, 2), Fraction(2, 9))  # at p = 3 only from d(1) = 7/12 on
    assert ties.tie_excluded(later, q("1/2"), False, 40)


def test_valuations_never_exclude_a_tie_that_happens() -> None:
    rng = random.Random(5)
    excluded = 0
    for _ in range(200):
        depth, lam, alpha, eta, theta = random_problem(rng)
        recursion, d = Recursion(depth, Eigenvalue.of(lam), alpha, eta), alpha
        for step in range(3):
            assert not ties.tie_excluded(recursion, d**depth, True, step)
            excluded += ties.tie_excluded(recursion, theta, False, step)
            d = d + eta * d ** (depth - 1) * (lam - d**depth)
    assert excluded > 300


def test_levels_close_to_lambda_take_more_precision_not_a_guess() -> None:
    theta = 1 - Fraction(1, 10**60)
    found = first_passage(2, ONE, q("1/2"), q("1/3"), theta)
    assert found.certified
    assert found.step == plain_loop(2, Fraction(1), q("1/2"), q("1/3"), theta, bits=1000)


@pytest.mark.parametrize(
    ("alpha", "theta", "step"),
    [
        ("1/2", "1/8", 0),  # alpha at the level
        ("1/2", "1/9", 0),  # alpha above the level
        ("2", "1", 0),  # alpha above lambda^(1/N)
        ("2", "8", 0),
        ("2", "9", None),  # falls from above
        ("1", "1", 0),  # at rest on the level
        ("1", "2", None),
        ("1/2", "1", None),  # rises to lambda^(1/N) and never arrives
        ("1/2", "3/2", None),
        ("0", "1/2", None),
    ],
)
def test_questions_settled_without_iterating(alpha: str, theta: str, step: int | None) -> None:
    found = first_passage(3, ONE, q(alpha), q("1/60"), q(theta))
    assert (found.step, found.certified, found.method) == (step, True, "exact")
    assert found.never is (step is None)
    assert (found.reason is None) is (step is not None)


def test_nonpositive_eigenvalues_have_no_level_but_absolute_levels_are_answered() -> None:
    for lam in (Fraction(0), Fraction(-2)):
        value = Eigenvalue.of(lam)
        by_definition = first_passage(3, value, q("1/2"), q("1/60"), q("1/2"))
        assert (by_definition.step, by_definition.never, by_definition.certified) == (None, False, True)
        assert first_passage(3, value, q("1/2"), q("1/60"), q("1/8"), absolute=True).step == 0
        assert first_passage(3, value, q("1/2"), q("1/60"), q("1/7"), absolute=True).never


def test_falling_from_above_is_recognised_beyond_order_preservation() -> None:
    """lambda = -M^N, alpha = M, eta = 1/(N M^(2N-2)): the map is not increasing (derivative -1/3 for N = 2), the sequence still falls."""
    found = first_passage(2, Eigenvalue.of(Fraction(-1)), Fraction(1), q("1/2"), q("11/10"), absolute=True)
    assert found.never


def test_large_steps_are_iterated_and_overshooting_is_seen() -> None:
    eta = q("4/5")  # N eta = 12/5 for N = 3: a period-2 orbit around 1
    over = first_passage(3, ONE, q("1/10"), eta, q("11/10"))
    assert over.certified
    assert over.step == plain_loop(3, Fraction(1), q("1/10"), eta, q("11/10"))
    at_rest = first_passage(3, ONE, q("1/10"), q("1/2"), Fraction(1))
    assert at_rest.step == plain_loop(3, Fraction(1), q("1/10"), q("1/2"), Fraction(1))
    assert first_passage(3, ONE, q("1/10"), q("1/2"), q("11/10")).never  # N eta = 3/2: oscillates ever closer
    capped = first_passage(3, ONE, q("1/10"), eta, Fraction(2), max_steps=2000)
    assert (capped.step, capped.never, capped.certified, capped.bracket) == (None, False, False, (2000, None))
    assert capped.reason is not None


def test_too_many_steps_give_an_honest_bracket_at_once() -> None:
    found = first_passage(3, ONE, q("1/10"), q("1/20"), q("1/2"), max_steps=100)
    low, high = found.bracket
    assert (found.step, found.certified) == (None, False)
    assert high is not None
    assert 100 < low <= plain_loop(3, Fraction(1), q("1/10"), q("1/20"), q("1/2")) <= high < 300
    assert found.reason is not None
    assert "max_steps" in found.reason
    short = first_passage(3, ONE, q("1/10"), q("1/10"), q("1/2"), max_steps=10)
    assert short.step is None
    assert short.bracket[0] >= 10


def test_flow_brackets_contain_the_exact_step() -> None:
    rng = random.Random(8)
    widest = Fraction(0)
    for _ in range(120):
        depth, lam, alpha, eta, theta = random_problem(rng)
        if alpha**depth >= theta * lam:
            continue
        step = first_passage(depth, Eigenvalue.of(lam), alpha, eta, theta).step
        bracket = crossing_bracket(depth, Eigenvalue.of(lam), alpha, eta, theta)
        assert bracket is not None
        low, high = bracket
        assert step is not None
        assert high is not None
        assert low <= step <= high
        widest = max(widest, Fraction(high - low, step))
    assert widest > Fraction(1, 10)  # the bracket is a bound, not the answer again


def test_progress_is_reported_and_the_cap_is_kept() -> None:
    seen: list[int] = []
    recursion = Recursion(2, ONE, q("1/1000"), q("1/100000"))
    ((low, high),) = crossing.bracket_crossings(recursion, [(q("1/2"), q("1/2"))], 128, 10**6, seen.append) or [(0, 0)]
    assert low == high == first_passage(2, ONE, q("1/1000"), q("1/100000"), q("1/2")).step
    assert seen
    assert all(0 < count <= 10**6 for count in seen)


@pytest.mark.parametrize(("name", "depth", "alpha", "eta"), [("depth", 1, "1", "1"), ("alpha", 2, "-1", "1"), ("eta", 2, "1", "-1")])
def test_bad_input_is_refused_by_name(name: str, depth: int, alpha: str, eta: str) -> None:
    with pytest.raises(InputError, match=f"^{name}: "):
        first_passage(depth, ONE, q(alpha), q(eta), q("1/2"))


@pytest.mark.parametrize(
    ("threshold", "tolerance"), [("0", "1/10"), ("-1", "1/10"), ("1/2", "0"), ("1/2", "1"), (0.5, "1/10"), ("1/2", 0.1)]
)
def test_bad_threshold_and_tolerance_are_refused(threshold: str, tolerance: str) -> None:
    problem = Problem.parse(depth="2", spectrum="1", alpha="1/2", eta="1/10")
    with pytest.raises(InputError, match=r"--threshold|--tolerance"):
        transitions(problem, threshold, tolerance)


SMALL = Problem.parse(depth="3", spectrum="3,1,1/3,0,-1/2", alpha="1/20", eta="1/50")


def test_json_has_the_fixed_shape() -> None:
    found = json.loads(json.dumps(transitions(SMALL).to_json()))
    assert list(found) == ["schema", "problem", "threshold", "modes", "plateaus", "advice"]
    assert found["schema"] == "dmftheory.transitions/1"
    assert found["problem"] == {"depth": 3, "spectrum": ["3", "1", "1/3", "0", "-1/2"], "alpha": "1/20", "beta": "0", "eta": "1/50"}
    names = ["index", "eigenvalue", "eigenvalue_bracket", "step", "bracket", "certified", "method", "flow_steps", "reason", "why"]
    assert all(list(mode) == names for mode in found["modes"])
    assert [mode["index"] for mode in found["modes"]] == [1, 2, 3, 4, 5]
    assert found["modes"][0]["step"] == plain_loop(3, Fraction(3), q("1/20"), q("1/50"), q("1/2"))
    assert [mode["step"] for mode in found["modes"]][3:] == [None, None]
    names = ["rank", "from_step", "to_step", "target", "eps", "delta0", "distance"]
    assert all(list(plateau) == names for plateau in found["plateaus"])


def test_integers_beyond_a_double_travel_as_strings() -> None:
    problem = Problem.parse(depth="4", spectrum="1", alpha="1e-8", eta="1/100")
    mode = transitions(problem).to_json()["modes"][0]  # type: ignore[index]
    assert isinstance(mode["step"], str)
    assert mode["bracket"] == [mode["step"]] * 2
    assert 2**53 <= int(mode["step"])


def test_plateau_ends_are_the_exact_passages() -> None:
    found = transitions(SMALL, tolerance="1/20")
    assert [plateau.rank for plateau in found.plateaus] == [1, 2, 3]
    for plateau, lam, following in zip(found.plateaus, ("3", "1", "1/3"), ("1", "1/3", None), strict=True):
        arrivals = [plain_loop(3, q(value), q("1/20"), q("1/50"), q("19/20")) for value in ("3", "1", "1/3")[: plateau.rank]]
        assert plateau.from_step == max(arrivals) == arrivals[-1], lam
        if following is None:
            assert plateau.to_step is None
        else:
            theta = q(plateau.delta0) / q(following)
            assert plateau.to_step == plain_loop(3, q(following), q("1/20"), q("1/50"), theta) - 1


def test_the_proved_distance_holds_inside_plateaus() -> None:
    found = transitions(SMALL)
    assert found.plateaus
    for plateau in found.plateaus:
        end = plateau.to_step if plateau.to_step is not None else plateau.from_step + 500
        at = sorted({plateau.from_step, (plateau.from_step + end) // 2, end})
        for snapshot in snapshots(SMALL, at, 10):
            rank = snapshot.effective_rank
            assert rank.certified
            assert max(rank.upper - q(plateau.target), q(plateau.target) - rank.lower) <= q(plateau.distance)


def test_delta0_is_at_least_the_starting_product_and_grows_only_where_it_must() -> None:
    for alpha in ("1/5", "1/20", "1/100"):
        problem = Problem.parse(depth="3", spectrum="3,1,1/3", alpha=alpha, eta="1/50")
        for plateau in transitions(problem).plateaus:
            assert q(plateau.delta0) >= q(alpha) ** 3
            if alpha == "1/100" and plateau.rank < 3:
                assert q(plateau.delta0) == q("1/10") * {1: Fraction(1), 2: Fraction(1, 3)}[plateau.rank]


def test_equal_eigenvalues_have_no_plateau_between_them() -> None:
    found = transitions(Problem.parse(depth="2", spectrum="2,1,1,0", alpha="1/100", eta="1/10"))
    assert [plateau.rank for plateau in found.plateaus] == [1, 3]
    assert found.plateaus[-1].to_step is None


def test_no_plateau_is_claimed_beyond_the_step_size_that_proves_it() -> None:
    assert transitions(Problem.parse(depth="2", spectrum="2,1", alpha="1/100", eta="2/5")).plateaus == ()


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_perturbed_initialisation_agrees_with_a_plain_mpfr_loop(depth: int) -> None:
    problem = Problem.parse(depth=depth, spectrum="2,1,-1", alpha="1/4", eta="1/50", beta="1/10")
    found = transitions(problem)
    assert found.plateaus == ()
    for mode, lam in zip(found.modes, (2, 1, -1), strict=True):
        with gmpy2.context(precision=200):
            a, b, eta, k = mpfr("0.25") - mpfr("0.1"), mpfr("0.25"), mpfr(1) / 50, 0
            while a * b ** (depth - 1) * lam < mpfr(lam) ** 2 / 2:
                error = a * b ** (depth - 1) - lam
                a, b, k = a - eta * b ** (depth - 1) * error, b - eta * a * b ** (depth - 2) * error, k + 1
        assert mode.passage.certified
        assert mode.passage.step == k


def test_a_perturbed_start_on_the_level_is_step_zero() -> None:
    problem = Problem.parse(depth="2", spectrum="1", alpha="1/2", eta="1/50", beta="1/10")
    assert transitions(problem, threshold="1/5").modes[0].passage.step == 0
    tied = transitions(problem, threshold=Fraction(1, 5) + Fraction(1, 10**80)).modes[0].passage
    assert (tied.step, tied.certified) == (1, True)


def test_a_real_covariance_matrix_goes_through() -> None:
    problem = Problem.parse(depth="2", matrix=str(EXAMPLES / "digits_covariance.csv"), alpha="1e-2", eta="auto")
    found = transitions(problem)
    assert [mode.passage.certified for mode in found.modes] == [True] * 64
    steps = [mode.passage.step for mode in found.modes]
    assert steps[61:] == [None] * 3  # three pixels are always zero
    known = [step for step in steps if step is not None]
    assert all(a <= b for a, b in pairwise(known))
    assert found.plateaus[-1].rank == 61
    for i in (0, 20, 40):
        lam = sum(problem.spectrum[i].enclosure(400)) / 2
        assert known[i] == plain_loop(2, lam, q("1/100"), problem.eta, q("1/2"))


def test_passages_are_values() -> None:
    assert first_passage(2, ONE, q("1/2"), q("1/3"), q("1/4")) == Passage(0, (0, 0), True, "exact")

"""Passages by the Abel function: equal to plain MPFR loops wherever a step is claimed, inside the bracket otherwise."""

import random
from fractions import Fraction

import pytest
from abel_problems import Question, effort, exact, falling, plain_count, plain_states, rising
from flint import arb

from dmftheory.errors import InputError
from dmftheory.levels import Level, Passage, first_passage, passages, steps_between
from dmftheory.numerics import abel_passage, crossing
from dmftheory.numerics.abel_falling import falling_count
from dmftheory.numerics.abel_frame import Frame
from dmftheory.numerics.abel_passage import Count, Goal, rising_count
from dmftheory.numerics.crossing import bracket_crossings
from dmftheory.numerics.eigenvalues import Eigenvalue
from dmftheory.numerics.flow import crossing_bracket
from dmftheory.numerics.iterate import Recursion
from dmftheory.numerics.kernels import DOWN, UP
from dmftheory.numerics.scalars import working_precision
from dmftheory.passage import transitions
from dmftheory.problem import Problem

ONE = Eigenvalue.of(Fraction(1))
DISPLACED = arb(1) + arb(2) ** -14
SMALLER_GOLDEN = Eigenvalue((1, -3, 1), (Fraction(1, 4), Fraction(1, 2)))  # (3 - sqrt 5)/2


def q(text: str) -> Fraction:
    return Fraction(text)


def counts(question: Question) -> list[Count]:
    return list(rising_count(question.recursion, Goal(question.level, True)))


def passage_of(question: Question) -> Passage:
    recursion = question.recursion
    return first_passage(recursion.depth, recursion.eigenvalue, recursion.alpha, recursion.eta, question.level, absolute=True)


def test_random_rising_problems_equal_a_plain_loop() -> None:
    rng, methods = random.Random(31), []
    for _ in range(effort(300)):
        question = rising(rng)
        found, step = passage_of(question), plain_count(question)
        assert found.certified
        assert found.step == step
        assert found.bracket == (step, step)
        methods.append(found.method)
    assert methods.count("abel") > len(methods) // 3
    assert methods.count("abel+direct") > len(methods) // 20


def test_every_bracket_on_the_way_contains_the_step() -> None:
    rng, exact_at_once, asked = random.Random(32), 0, 0
    for _ in range(effort(40)):
        question = rising(rng, 5_000)
        step = plain_count(question)
        for i, count in enumerate(counts(question)):
            assert step is not None
            assert count.first <= step <= count.last
            assert count.last - count.first <= 1
            assert count.defect < 1e-9
            exact_at_once += i == 0 and count.first == count.last
            asked += i == 0
    assert exact_at_once >= 0.999 * asked


def test_random_falling_problems_equal_a_plain_loop() -> None:
    rng, seen = random.Random(33), []
    for _ in range(effort(60)):
        question = falling(rng)
        step = plain_count(question, most=20_000)
        if step is None:
            continue
        count = next(falling_count(question.recursion, Goal(question.level, True)))
        assert count.first == count.last == step
        seen.append(count.method)
    assert {"abel", "direct"} <= set(seen)


def test_levels_within_a_hair_of_an_iterate_are_decided_or_bracketed() -> None:
    """theta = u_k (1 +- 10^-m), m up to 120."""
    rng, exactly = random.Random(34), 0
    for _ in range(effort(25)):
        question = rising(rng, 3_000)
        step = plain_count(question)
        assert step is not None
        k = rng.randint(300, step) if step > 300 else step
        power = exact(plain_states(question.recursion, k, 1200)) ** question.recursion.depth
        m, side = rng.randint(5, 120), rng.choice((1, -1))
        level = Fraction(round(power * (1 + Fraction(side, 10**m)) * 2**1000), 2**1000)
        found = passage_of(Question(question.recursion, level))
        if level >= question.lam:
            continue
        assert found.step == k + (side > 0)
        exactly += 1
    assert exactly > 10


def test_a_level_hit_exactly_is_a_passage_or_an_honest_bracket() -> None:
    """x' = x + x^2 (1 - x^3)/1000 from 1/10: the level x_3^3 is hit exactly at step 3, and by the Abel function never told apart."""
    d = q("1/10")
    for _ in range(3):
        d = d + Fraction(1, 1000) * d**2 * (1 - d**3)
    found = first_passage(3, ONE, q("1/10"), q("1/1000"), d**3)
    assert (found.step, found.certified) == (3, True)


def test_counts_add_up() -> None:
    """From a to b and on to c is one way: the counts differ by at most the last step, which the first part overshoots."""
    rng = random.Random(35)
    for _ in range(effort(30)):
        question = rising(rng, 50_000)
        lam, recursion = question.lam, question.recursion
        whole = [Level(value, absolute=True) for value in (recursion.alpha**recursion.depth, question.level)]
        middle = Level((whole[0].threshold * whole[1].threshold * 3) / (2 * whole[1].threshold + whole[0].threshold), absolute=True)
        assert whole[0].threshold < middle.threshold < whole[1].threshold < lam
        ways = [(whole[0], middle), (middle, whole[1]), (whole[0], whole[1])]
        first, second, total = (steps_between(recursion.depth, recursion.eigenvalue, recursion.eta, *way).step for way in ways)
        assert first is not None
        assert second is not None
        assert total is not None
        assert first + second - 1 <= total <= first + second
        assert total == passage_of(question).step


def difference(question: Question, order: int, precision: int) -> arb:
    """A(level) - A(alpha), with the accumulated defect added to the radius."""
    with working_precision(precision):
        frame = Frame.of(question.recursion, precision)
        fn, start, end = frame.function(order), frame.at_state(question.recursion.alpha), frame.at_level(question.level, True)
        defect = abel_passage.accumulated(fn, start, end)
        assert defect is not None
        return fn(end) - fn(start) + arb(0, defect)


def test_two_orders_and_two_precisions_overlap() -> None:
    """The difference of Abel functions is the same number, up to the defect, whatever the order."""
    eigenvalue = Eigenvalue.of(q("7/3"))
    for depth, eta in ((2, "1/1000"), (3, "1/3000"), (6, "1/5000"), (12, "1/30000")):
        recursion = Recursion(depth, eigenvalue, q("1/5"), q(eta))
        question = Question(recursion, q("2"))
        values = [difference(question, order, precision) for order in (4, 8, 12, 24) for precision in (256, 512)]
        assert all(a.overlaps(b) for a in values for b in values)
        assert values[-1].rad() < values[0].rad()


def test_far_horizons_agree_with_a_second_order() -> None:
    """1e-300 at depth 12: k has thousands of digits, and a level one step of the flow further on is one step later."""
    found = first_passage(12, ONE, q("1e-300"), q("1e-9"), q("1/2"))
    assert found.certified
    assert found.step is not None
    assert len(str(found.step)) > 3000
    assert found.method == "abel"
    deep = first_passage(200, ONE, q("1/2"), q("1/1000"), q("1/2"))
    assert deep.certified
    assert deep.step is not None
    assert deep.step > 10**50
    endless = first_passage(200, ONE, q("1e-300"), q("1/1000"), q("1/2"))
    assert (endless.step, endless.certified, endless.never) == (None, False, False)
    assert endless.bracket[1] is None
    assert endless.reason is not None


def test_a_start_of_1e_minus_300_at_depth_2_is_counted() -> None:
    recursion = Recursion(2, ONE, q("1e-300"), q("1/3"))
    found = first_passage(2, ONE, q("1e-300"), q("1/3"), q("1/2"))
    ((low, high),) = bracket_crossings(recursion, [(q("1/2"), q("1/2"))], 256, 10**5) or [(0, 1)]
    assert found.step == low == high
    assert found.method == "abel+direct"


def test_nearly_equal_and_irrational_eigenvalues_are_counted() -> None:
    wide = transitions(Problem.parse(depth="3", spectrum="1.0000000000000000001,1", alpha="1e-9", eta="1/100"))
    first, second = (mode.passage.step for mode in wide.modes)
    assert first is not None
    assert second is not None
    assert 0 <= second - first <= 2
    bracket = crossing_bracket(3, SMALLER_GOLDEN, q("1e-7"), q("1/50"), q("9/10"))
    found = first_passage(3, SMALLER_GOLDEN, q("1e-7"), q("1/50"), q("9/10"))
    assert found.certified
    assert found.step is not None
    assert bracket is not None
    assert bracket[1] is not None
    assert bracket[0] <= found.step <= bracket[1]
    near = Eigenvalue.of(sum(SMALLER_GOLDEN.enclosure(300)) / 2)
    assert found.step == first_passage(3, near, q("1e-7"), q("1/50"), q("9/10")).step


def test_beyond_order_preservation_iteration_answers_or_says_why() -> None:
    stable = first_passage(3, ONE, q("1/10"), q("1/2"), q("1/2"))  # N tau = 1.5
    assert (stable.certified, stable.method) == (True, "direct")
    far = first_passage(3, ONE, q("1e-9"), q("1/2"), q("9/10"))
    assert (far.certified, far.method) == (True, "abel+direct")
    assert far.step is not None
    assert 2 * 10**9 <= far.step < 2 * 10**9 + 100
    slow = first_passage(3, ONE, q("1/10"), q("1/2"), q("999/1000"), max_steps=10)
    assert (slow.step, slow.certified) == (None, False)
    assert slow.reason is not None
    unstable = first_passage(3, ONE, q("1/10"), q("3/4"), q("999/1000"))  # N tau = 2.25
    assert unstable.certified or unstable.reason is not None


def test_step_sizes_without_order_preservation_equal_a_plain_loop() -> None:
    """1 < N tau < 2.6: jumps where the map still keeps order, the mean value form beyond."""
    rng, methods = random.Random(38), []
    for _ in range(effort(40)):
        depth = rng.choice((2, 3, 4, 5, 8))
        eta = Fraction(rng.randint(1001, 2600), 1000 * depth)
        alpha = Fraction(1, 10 ** rng.randint(5, 40)) if depth == 2 else Fraction(rng.randint(1, 30), 100 if depth > 4 else 2000)
        theta = rng.choice((Fraction(rng.randint(1, 999), 1000), 1 - Fraction(1, 10 ** rng.randint(4, 8)), Fraction(1, 10**4)))
        recursion = Recursion(depth, ONE, alpha, eta)
        step = plain_count(Question(recursion, theta), most=30_000)
        if step is None or alpha**depth >= theta:
            continue
        found = first_passage(depth, ONE, alpha, eta, theta)
        assert (found.step, found.certified) == (step, True)
        methods.append(found.method)
    assert {"direct", "abel+direct"} <= set(methods)


def test_a_start_at_or_above_the_level_is_step_zero() -> None:
    for alpha in ("1/2", "3/4", "1", "2"):
        assert first_passage(3, ONE, q(alpha), q("1e-9"), q("1/8")).step == 0
    assert first_passage(3, ONE, q("1e-9"), q("1e-9"), q("1")).never


def test_several_levels_are_the_single_answers() -> None:
    levels = [Level(q(text)) for text in ("1/1000000", "1/2", "999999/1000000")]
    found = passages(4, ONE, q("1e-6"), q("1/5"), levels)
    assert list(found) == [passages(4, ONE, q("1e-6"), q("1/5"), [level])[0] for level in levels]
    steps = [passage.step for passage in found if passage.step is not None]
    assert steps == sorted(steps)
    assert len(steps) == 3
    assert all(passage.why is not None for passage in found)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (Level(q("1/2")), Level(q("1/4"))),
        (Level(q("1/2")), Level(q("2"))),
        (Level(q("0")), Level(q("1/2"))),
        (Level(q("2")), Level(q("1"))),
    ],
)
def test_levels_that_no_trajectory_joins_are_refused(start: Level, end: Level) -> None:
    with pytest.raises(InputError, match="^levels: "):
        steps_between(3, ONE, q("1/100"), start, end)


def wrong_somewhere(questions: list[tuple[Question, int]]) -> bool:
    return any(count.first == count.last != step for question, step in questions for count in counts(question)[:1])


def sharp(rng: random.Random, cases: int) -> list[tuple[Question, int]]:
    """Levels within a millionth of a step of an iterate, on either side, which an honest bound still decides."""
    found: list[tuple[Question, int]] = []
    while len(found) < cases:
        question = rising(rng, 3_000)
        step = plain_count(question)
        assert step is not None
        before, at = (exact(plain_states(question.recursion, k, 400)) ** question.recursion.depth for k in (step - 1, step))
        for side in (-1, 1):
            level = Fraction(round((at + side * (at - before) / 10**6) * 2**300), 2**300)
            if level < question.lam:
                found.append((Question(question.recursion, level), step + (side > 0)))
    return found


def test_mutants_of_the_count_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    questions = sharp(random.Random(36), 40)
    assert not wrong_somewhere(questions)
    with monkeypatch.context() as mutant:
        mutant.setattr(abel_passage, "_ceiling", lambda value: value.numerator // value.denominator)
        assert wrong_somewhere(questions)
    # An order that is too low claims nothing wrong while its defect is counted, and something wrong once it is not.
    chosen = abel_passage.whole_order
    with monkeypatch.context() as mutant:
        mutant.setattr(abel_passage, "whole_order", lambda frame, ratio, tolerance: 4 if chosen(frame, ratio, tolerance) else None)
        assert not wrong_somewhere(questions)
        mutant.setattr(abel_passage, "accumulated", lambda fn, start, end: arb(2) ** -200)
        assert wrong_somewhere(questions)
    # A hand-over whose enclosure is displaced by a thousandth of a step.
    exact_ends = abel_passage.ends_of
    with monkeypatch.context() as mutant:
        mutant.setattr(abel_passage, "ends_of", lambda one, other: exact_ends(one * DISPLACED, other * DISPLACED))
        assert wrong_somewhere(questions)


def test_rounding_in_the_wrong_direction_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 24 bits the bracket is wide and contains the step; with the directions exchanged it is turned inside out."""
    rng, wide, inverted = random.Random(37), 0, 0
    for _ in range(25):
        question = rising(rng, 3_000)
        step, bounds = plain_count(question), [(question.level, question.level)]
        found = bracket_crossings(question.recursion, bounds, 24, 10_000)
        if found is None or found[0][1] is None:
            continue
        assert step is not None
        assert found[0][0] <= step <= found[0][1]
        wide += found[0][0] < found[0][1]
        with monkeypatch.context() as mutant:
            mutant.setattr(crossing, "UP", DOWN)
            mutant.setattr(crossing, "DOWN", UP)
            turned = bracket_crossings(question.recursion, bounds, 24, 10_000)
        inverted += turned is None or turned[0][1] is None or turned[0][0] > turned[0][1]
    assert wide >= 3
    assert inverted >= 3

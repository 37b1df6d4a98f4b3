"""The scalar recursions come out of the loss, at concrete depths and for every depth; so do the normal form and the landmarks."""

from collections.abc import Callable

import pytest
import sympy

from dmftheory.errors import InputError
from dmftheory.model import landmarks, normal_form, recursion
from dmftheory.model.identities import Identity, power_normal_form
from dmftheory.model.symbols import DEPTH, ETA, TAU, X

A, B, D, LAM = (sympy.Symbol(letter, positive=True) for letter in ("a", "b", "d", "lambda"))


def failing(identities: list[Identity]) -> list[str]:
    return [identity.name for identity in identities if not identity.holds]


@pytest.mark.parametrize("dimension", [1, 2])
@pytest.mark.parametrize("depth", [2, 3, 4, 5, 6])
def test_recursions_follow_from_the_loss(depth: int, dimension: int) -> None:
    identities = recursion.verify_depth(depth, dimension)
    assert len(identities) == depth * dimension * (2 + dimension - 1)
    assert failing(identities) == []


def test_recursions_hold_at_every_depth() -> None:
    assert failing(recursion.verify_all_depths()) == []


@pytest.mark.parametrize("depth", [2, 3, 7])
def test_symbolic_recursion_at_a_depth_is_the_concrete_one(depth: int) -> None:
    assert recursion.step(DEPTH, LAM, ETA, D).subs(DEPTH, depth) == recursion.step(depth, LAM, ETA, D)
    symbolic = recursion.perturbed_step(DEPTH, LAM, ETA, A, B)
    assert tuple(part.subs(DEPTH, depth) for part in symbolic) == recursion.perturbed_step(depth, LAM, ETA, A, B)


def wrong_power(N: sympy.Expr, lam: sympy.Expr, eta: sympy.Expr, d: sympy.Expr) -> sympy.Expr:
    return d - eta * d**N * (d**N - lam)


def wrong_sign(N: sympy.Expr, lam: sympy.Expr, eta: sympy.Expr, d: sympy.Expr) -> sympy.Expr:
    return d + eta * d ** (N - 1) * (d**N - lam)


@pytest.mark.parametrize("mutant", [wrong_power, wrong_sign])
def test_a_wrong_recursion_is_caught(monkeypatch: pytest.MonkeyPatch, mutant: Callable[..., sympy.Expr]) -> None:
    monkeypatch.setattr(recursion, "step", mutant)
    assert "step of d, first factor" in failing(recursion.verify_all_depths())
    assert "W_1, mode 1, identical" in failing(recursion.verify_depth(3))
    assert failing(normal_form.verify_scaling(1)) != []


def test_swapped_perturbed_steps_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = recursion.perturbed_step
    monkeypatch.setattr(recursion, "perturbed_step", lambda N, lam, eta, a, b: right(N, lam, eta, b, a))
    assert failing(recursion.verify_all_depths()) != []
    assert failing(recursion.verify_depth(3)) != []


def test_a_wrong_induction_claim_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = recursion.closed_partials
    monkeypatch.setattr(recursion, "closed_partials", lambda n: (*right(n)[:2], right(n)[2] * 2))
    assert "base case of the derivative by the newest factor" in failing(recursion.verify_all_depths())


def test_off_diagonal_gradients_are_genuine_derivatives() -> None:
    matrices = recursion.derive(2, 2)
    assert all(matrix[0, 1] == matrix[1, 0] == 0 for matrix in matrices)
    assert all(matrix[0, 0] != 0 for matrix in matrices)


@pytest.mark.parametrize("depth", [DEPTH, 2, 3, 5])
@pytest.mark.parametrize("sign", [1, 0, -1])
def test_scaling_turns_the_recursion_into_the_normal_form(depth: sympy.Expr, sign: int) -> None:
    assert failing(normal_form.verify_scaling(sign, depth)) == []


def test_a_wrong_time_scale_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(normal_form, "unscale", lambda N, lam, x, tau: (x * abs(lam) ** (1 / N), tau * abs(lam) ** (1 / N - 2)))
    assert failing(normal_form.verify_scaling(1)) != []


def test_the_three_normal_forms() -> None:
    assert normal_form.step(3, TAU, X) == X + TAU * X**2 * (1 - X**3)
    assert normal_form.step(3, TAU, X, -1) == X - TAU * X**2 * (1 + X**3)
    assert normal_form.step(3, TAU, X, 0) == X - TAU * X**5
    assert normal_form.step(2, sympy.Rational(1, 3), sympy.S.Zero) == 0


def test_another_sign_is_refused() -> None:
    with pytest.raises(InputError, match="sign: got 2"):
        normal_form.field(3, X, 2)


@pytest.mark.parametrize("depth", [DEPTH, 2, 3, 6])
def test_landmarks_follow_from_the_recursion(depth: sympy.Expr) -> None:
    assert failing(landmarks.verify_landmarks(depth)) == []


@pytest.mark.parametrize(
    ("name", "mutant"),
    [
        ("sharpness", lambda N, lam: N * lam ** (2 - 1 / N)),
        ("inflection_fraction", lambda N: N / (2 * N - 1)),
        ("imbalance_factor", lambda N, lam, eta, a, b: 1 + eta**2 * b ** (2 * N - 4) * (a * b ** (N - 1) - lam) ** 2),
        ("stability_threshold", lambda N, lam: 1 / landmarks.sharpness(N, lam)),
    ],
)
def test_a_wrong_landmark_is_caught(monkeypatch: pytest.MonkeyPatch, name: str, mutant: Callable[..., sympy.Expr]) -> None:
    monkeypatch.setattr(landmarks, name, mutant)
    assert failing(landmarks.verify_landmarks()) != []


def test_power_normal_form_proves_only_what_is_an_identity() -> None:
    assert power_normal_form((X * D) ** (2 * DEPTH - 1) - X ** (DEPTH - 1) * X**DEPTH * D ** (2 * DEPTH) / D) == 0
    assert power_normal_form(X**DEPTH - X ** (DEPTH + 1)) != 0
    with pytest.raises(ValueError, match="linear"):
        power_normal_form(X ** (DEPTH**2))
    with pytest.raises(ValueError, match="positive"):
        power_normal_form(sympy.Symbol("z") ** DEPTH)


def test_an_unsimplified_residual_does_not_hold() -> None:
    assert not Identity("unsimplified", (X + 1) ** 2 - X**2 - 2 * X - 1).holds

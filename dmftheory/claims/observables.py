"""Observables: the quantities of a gradient-descent run, as SymPy functions with a meaning in every arithmetic.

They carry no assumption beyond extended-real: if SymPy knew that `Iterate` is positive it would decide claims about it by fiat.

Normal form (sign = 1, 0, -1 for a positive, zero, negative eigenvalue; see docs/mathematics.md):

* `Iterate(N, tau, x0, k, sign=1)`       x_k of x' = x + tau f(x), in steps
* `FirstPassage(N, tau, x0, theta, sign=1)`  first k with x_k^N >= theta; 0, 1, ..., oo (never), in steps
* `FlowTime(N, x, y, sign=1)`            time of the flow dx/dt = f(x) from x to y, in flow time

Original variables (lam any real number):

* `Factor(N, lam, alpha, eta, k)`        d_k of d' = d - eta d^(N-1) (d^N - lam), in steps
* `LearningStep(N, lam, alpha, eta, theta)`  first k with d_k^N >= theta lam
* `LearningTime(N, lam, x, y)`           time of dd/dt = d^(N-1) (lam - d^N) from x to y
* `FirstFactor(N, lam, a, b, eta, k)`    a_k, the eigenvalue of W_1 after k steps from W_1 = a, W_2 = ... = W_N = b, in steps
* `OtherFactor(N, lam, a, b, eta, k)`    b_k, that of W_2, ..., W_N
* `ImbalancedTime(N, lam, delta, x, y)`  flow time from a + b = x to a + b = y on b^2 - a^2 = delta >= 0
* `EffectiveRank(w_1, ..., w_n)`         sum |w_i| / max |w_i| of a spectrum
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Expr, Function, Integer

from dmftheory.model import normal_form, perturbed, recursion


class Observable(Function):  # type: ignore[misc]
    """A function whose value belongs to a run, not to SymPy: never evaluated, never assumed anything of but extended-real."""

    is_extended_real = True
    arity: tuple[int, int]

    @classmethod
    def eval(cls, *args: Expr) -> None:
        low, high = cls.arity
        if not low <= len(args) <= high:
            raise TypeError(f"{cls.__name__} takes {low} to {high} arguments, got {len(args)}")


class Recursive(Observable):
    """An observable of a recursion: `unfold` gives its start at step 0 and one step of it at step j + 1."""

    @property
    def steps(self) -> Expr:
        """The step index, the last argument that counts."""
        return self.args[self.arity[0] - 1]

    def unfold(self) -> Expr:
        """The observable itself where the step index is neither 0 nor of the form j + 1."""
        raise NotImplementedError


class _Signed(Observable):
    """Observables of the normal form, whose optional last argument is the sign of the eigenvalue."""

    def __new__(cls, *args: Any, **options: Any) -> Any:
        if len(args) == cls.arity[0]:
            args = (*args, Integer(1))
        if len(args) == cls.arity[1] and args[-1] not in (-1, 0, 1):
            raise ValueError(f"{cls.__name__}: the sign must be 1, 0 or -1, got {args[-1]}")
        return super().__new__(cls, *args, **options)

    @property
    def sign(self) -> int:
        return int(self.args[-1])


class Iterate(_Signed, Recursive):
    """`Iterate(N, tau, x0, k, sign=1)`: the state of the normal-form recursion after k steps."""

    arity = (4, 5)

    def unfold(self) -> Expr:
        """x0 at k = 0, one step of the recursion at k = j + 1; the observable itself otherwise."""
        depth, tau, start, k, sign = self.args
        if k == 0:
            return start
        before = _predecessor(k)
        return self if before is None else normal_form.step(depth, tau, Iterate(depth, tau, start, before, sign), self.sign)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _power(f"x_{{{printer._print(self.args[3])}}}{_arguments(printer, self.args[:3])}", exp)


class FirstPassage(_Signed):
    """`FirstPassage(N, tau, x0, theta, sign=1)`: the first k with Iterate(k)^N >= theta; oo where there is none."""

    arity = (4, 5)

    def state(self, k: Any) -> Expr:
        """The state after k steps."""
        depth, tau, start, _, sign = self.args
        return Iterate(depth, tau, start, k, sign)

    def level_reached(self, k: Any) -> Any:
        """The relation that holds at step k when the level is reached there."""
        return sympy.Ge(self.state(k) ** self.args[0], self.args[3], evaluate=False)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _power(f"T_{{{printer._print(self.args[3])}}}{_arguments(printer, self.args[:3])}", exp)


class FlowTime(_Signed):
    """`FlowTime(N, x, y, sign=1)`: the integral of dz / f(z) from x to y, both positive and (sign 1) on the same side of 1."""

    arity = (3, 4)

    def fdiff(self, argindex: int = 1) -> Expr:
        depth, x, y, _ = self.args
        if argindex == 2:
            return -1 / normal_form.field(depth, x, self.sign)
        if argindex == 3:
            return 1 / normal_form.field(depth, y, self.sign)
        raise sympy.core.function.ArgumentIndexError(self, argindex)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        x, y = (printer._print(a) for a in self.args[1:3])
        return _power(f"U\\left({x},{y}\\right)", exp)


class Factor(Recursive):
    """`Factor(N, lam, alpha, eta, k)`: the common factor d_k of one eigenvalue under identical initialisation."""

    arity = (5, 5)

    def unfold(self) -> Expr:
        """alpha at k = 0, one gradient step at k = j + 1; the observable itself otherwise."""
        depth, lam, alpha, eta, k = self.args
        if k == 0:
            return alpha
        before = _predecessor(k)
        if before is None:
            return self
        d = Factor(depth, lam, alpha, eta, before)
        return d - eta * d ** (depth - 1) * (d**depth - lam)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _power(f"d_{{{printer._print(self.args[4])}}}{_arguments(printer, self.args[:4])}", exp)


class LearningStep(Observable):
    """`LearningStep(N, lam, alpha, eta, theta)`: the first k with d_k^N >= theta lam; oo where there is none."""

    arity = (5, 5)

    def state(self, k: Any) -> Expr:
        """The factor after k steps."""
        return Factor(*self.args[:4], k)

    def level_reached(self, k: Any) -> Any:
        """The relation that holds at step k when the level is reached there."""
        depth, lam, _, _, theta = self.args
        return sympy.Ge(self.state(k) ** depth, theta * lam, evaluate=False)


class LearningTime(Observable):
    """`LearningTime(N, lam, x, y)`: the gradient-flow time from d = x to d = y for the eigenvalue lam."""

    arity = (4, 4)

    def fdiff(self, argindex: int = 1) -> Expr:
        depth, lam, x, y = self.args
        if argindex == 3:
            return -1 / (x ** (depth - 1) * (lam - x**depth))
        if argindex == 4:
            return 1 / (y ** (depth - 1) * (lam - y**depth))
        raise sympy.core.function.ArgumentIndexError(self, argindex)


class _Pair(Recursive):
    """One of the two factors of perturbed identical initialisation."""

    arity = (6, 6)
    place: int
    letter: str

    def unfold(self) -> Expr:
        """The start at k = 0, one gradient step at k = j + 1; the observable itself otherwise."""
        depth, lam, first, other, eta, k = self.args
        if k == 0:
            return (first, other)[self.place]
        before = _predecessor(k)
        if before is None:
            return self
        a, b = (kind(depth, lam, first, other, eta, before) for kind in (FirstFactor, OtherFactor))
        return recursion.perturbed_step(depth, lam, eta, a, b)[self.place]

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _power(f"{self.letter}_{{{printer._print(self.args[5])}}}{_arguments(printer, self.args[:5])}", exp)


class FirstFactor(_Pair):
    """`FirstFactor(N, lam, a, b, eta, k)`: the eigenvalue a_k of W_1, from W_1 = a and W_2 = ... = W_N = b."""

    place, letter = 0, "a"


class OtherFactor(_Pair):
    """`OtherFactor(N, lam, a, b, eta, k)`: the eigenvalue b_k of W_2, ..., W_N, from W_1 = a and W_2 = ... = W_N = b."""

    place, letter = 1, "b"


class ImbalancedTime(Observable):
    """`ImbalancedTime(N, lam, delta, x, y)`: gradient-flow time from a + b = x to a + b = y, where b^2 - a^2 = delta >= 0 throughout."""

    arity = (5, 5)

    def fdiff(self, argindex: int = 1) -> Expr:
        depth, lam, delta, x, y = self.args
        if argindex == 4:
            return -1 / perturbed.sum_field(depth, lam, delta, x)
        if argindex == 5:
            return 1 / perturbed.sum_field(depth, lam, delta, y)
        raise sympy.core.function.ArgumentIndexError(self, argindex)


class EffectiveRank(Observable):
    """`EffectiveRank(w_1, ..., w_n)`: nuclear norm over spectral norm of a symmetric matrix with these eigenvalues."""

    arity = (1, 10**6)

    def unfold(self) -> Expr:
        """The definition, sum |w_i| / max |w_i|."""
        return sympy.Add(*map(sympy.Abs, self.args)) / sympy.Max(*map(sympy.Abs, self.args))


def _predecessor(k: Expr) -> Expr | None:
    """k - 1 when k is written as something plus a positive integer, or is one; None otherwise."""
    constant = k.as_coeff_Add()[0]
    return k - 1 if constant.is_Integer and constant > 0 else None


def _arguments(printer: Any, args: tuple[Expr, ...]) -> str:
    return "\\left(" + ", ".join(printer._print(a) for a in args) + "\\right)"


def _power(text: str, exp: str | None) -> str:
    return text if exp is None else f"\\left({text}\\right)^{{{exp}}}"

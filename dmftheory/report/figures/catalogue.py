"""The names of the figures, what each shows, and where it is made; nothing is imported before it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from dmftheory.errors import InputError
from dmftheory.report.figures.chart import Chart, Plan


@dataclass(frozen=True)
class Entry:
    """One line about a figure, and the function of a module of this package that makes its chart from a plan."""

    shows: str
    module: str
    function: str = "chart"

    def chart(self, plan: Plan) -> Chart:
        """The chart."""
        make = getattr(import_module(f"dmftheory.report.figures.{self.module}"), self.function)
        return cast(Callable[[Plan], Chart], make)(plan)


FIGURES = {
    "eigenvalues": Entry("eigenvalues of a symmetric matrix being learnt, with the transitions", "symmetric", "eigenvalues"),
    "effective-rank": Entry("effective rank of the product, with the certified plateaus", "symmetric", "effective_rank"),
    "flow": Entry("gradient descent beside gradient flow, and the steps by which it lags behind", "flow"),
    "perturbed": Entry("perturbed identical initialisation: negative eigenvalues are learnt too", "perturbed"),
    "rounding": Entry("rounding breaks the symmetry of identical initialisation: negative eigenvalues appear", "rounding"),
    "random": Entry("Gaussian start, factors that do not commute, beside the theory of identical initialisation", "partial", "random"),
    "rectangular": Entry("rectangular target and hidden layers, Gaussian start", "partial", "rectangular"),
    "sensing": Entry("matrix sensing: 7/10 as many Gaussian measurements as entries", "partial", "sensing"),
    "completion": Entry("matrix completion: 7/10 of the entries", "partial", "completion"),
    "gissin": Entry("matrix sensing with the settings of the public code of Gissin et al. (minutes)", "partial", "gissin"),
    "denoising": Entry("a noisy matrix: distance to the clean one, and the certified window in which to stop", "denoising"),
    "agreement": Entry("all experiments beside the theory of diagonal matrices; the CSV is the whole table (minutes)", "agreement"),
}  # fmt: skip


def find(name: str) -> Entry:
    """The figure of this name. Raises InputError, which lists them."""
    if name not in FIGURES:
        raise InputError("NAME", name, ", ".join(FIGURES))
    return FIGURES[name]

"""What an experiment is: target, start, measurements, step size, how long; and the settings that are run.

Those of `ours` are this project's own (the figure parameters of chou are not known here). Those of `gissin` are the defaults of the public
code of Gissin, Shalev-Shwartz and Daniely, dsgissin/Incremental-Learning, matrix_sensing_experiment.py.
"""

from dataclasses import dataclass
from fractions import Fraction

DEPTHS = (1, 2, 3, 4)
SHARE = Fraction(7, 10)
SMALL = {1: Fraction(1, 1000), 2: Fraction(1, 1000), 3: Fraction(1, 10), 4: Fraction(1, 10)}
STEPS = {1: 1000, 2: 6000, 3: 14_000, 4: 8000}


@dataclass(frozen=True)
class Setting:
    """One experiment at one depth.

    The target is rows x columns with singular values `spectrum` (decreasing, then zeros), in random bases if `rotated`. The hidden widths
    are `width`. `start` is 'identity' (alpha times the identity for every factor) or 'gaussian' (independent entries of standard deviation
    alpha / sqrt(columns of the factor)). `seen` is 'whole', 'sensing' (share * rows * columns Gaussian measurements, entries N(0, 1/m)) or
    'completion' (that many entries, drawn without replacement). `steps` of gradient descent with step size `eta`.
    """

    name: str
    depth: int
    spectrum: tuple[Fraction, ...]
    rows: int
    columns: int
    width: int
    alpha: Fraction
    eta: Fraction
    steps: int
    start: str = "identity"
    seen: str = "whole"
    share: Fraction = Fraction(1)
    rotated: bool = True

    @property
    def sizes(self) -> tuple[int, ...]:
        """Dimensions d_0, ..., d_N: factor j maps d_(j-1) to d_j."""
        return (self.columns, *(self.width for _ in range(self.depth - 1)), self.rows)

    @property
    def measurements(self) -> int:
        """How many numbers are seen of the target."""
        return int(self.share * self.rows * self.columns)

    @property
    def all_values(self) -> tuple[Fraction, ...]:
        """The target's singular values with its zeros."""
        return self.spectrum + (Fraction(0),) * (min(self.rows, self.columns) - len(self.spectrum))


def ours(name: str, depth: int) -> Setting:
    """16 x 16 (rectangular: 12 x 20, width 24), singular values 1, 1/2, 1/4, 0, ... Raises KeyError for an unknown name."""
    square = Setting(name, depth, (Fraction(1), Fraction(1, 2), Fraction(1, 4)), 16, 16, 16, SMALL[depth], Fraction(1, 10), STEPS[depth])
    changes: dict[str, dict[str, object]] = {
        "symmetric": {},
        "gaussian": {"start": "gaussian"},
        "rectangular": {"start": "gaussian", "rows": 12, "columns": 20, "width": 24},
        "sensing": {"seen": "sensing", "share": SHARE, "eta": Fraction(1, 20), "steps": 2 * STEPS[depth]},
        "sensing, gaussian": {
            "start": "gaussian", "seen": "sensing", "share": SHARE, "eta": Fraction(1, 20), "steps": 2 * STEPS[depth],
        },
        "completion": {"seen": "completion", "share": SHARE, "eta": Fraction(1, 20), "steps": 2 * STEPS[depth]},
    }  # fmt: skip
    return Setting(**{**vars(square), **changes[name]})


OURS = ("symmetric", "gaussian", "rectangular", "sensing", "sensing, gaussian", "completion")

_GISSIN_SCALE = {1: Fraction(1, 10_000), 2: Fraction(1, 100), 3: Fraction(464_158_883, 10**10), 4: Fraction(1, 10)}  # 10^(-4/depth)
_GISSIN_STEPS = {1: 3000, 2: 3000, 3: 6000, 4: 12_000}


def gissin(depth: int, start: str = "identity") -> Setting:
    """d = 50, diag(12, 6, 4, 3, 0, ...), 1000 Gaussian measurements, rate 1/1000 on the mean square, scale 10^-4, both starts of the code.

    The mean of squares of measurements with entries N(0, 1) is twice our loss with entries N(0, 1/m), hence eta = 2/1000. `steps` is ours:
    the code stops at a loss of 1/100.
    """
    spectrum = tuple(Fraction(value) for value in (12, 6, 4, 3))
    share, eta = Fraction(1000, 2500), Fraction(2, 1000)
    return Setting(
        f"gissin, {start}", depth, spectrum, 50, 50, 50, _GISSIN_SCALE[depth], eta, _GISSIN_STEPS[depth], start, "sensing", share, False
    )

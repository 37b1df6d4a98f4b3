"""Write digits_covariance.csv: the exact covariance of the 8 x 8 images in scikit-learn's digits data (run once; needs scikit-learn)."""

from fractions import Fraction
from pathlib import Path

from sklearn.datasets import load_digits

HEADER = """\
# Covariance of 1797 images of handwritten digits, 8 x 8 pixels with integer values from 0 to 16, as exact fractions:
# entry (i, j) is sum_k (x_ki - mean_i)(x_kj - mean_j) / 1796. Pixels are in row-major order; pixels 1, 33 and 40 never vary.
# Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (test set), UCI Machine Learning Repository, 1998,
# https://doi.org/10.24432/C50P49, licence CC BY 4.0, in the copy that comes with scikit-learn (load_digits).
"""


def main() -> None:
    """Sum in integers: n sum(x_i x_j) - sum(x_i) sum(x_j) is n (n - 1) times the covariance."""
    images = load_digits().data
    pixels = images.astype("int64")
    if not (pixels == images).all():
        raise ValueError("the pixels are not integers")
    count = len(pixels)
    sums = pixels.sum(axis=0)
    scatter = count * (pixels.T @ pixels) - sums[:, None] * sums[None, :]
    rows = (",".join(str(Fraction(int(entry), count * (count - 1))) for entry in row) for row in scatter)
    Path(__file__).with_suffix(".csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()

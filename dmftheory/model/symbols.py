"""The letters that every formula of the model shares."""

import sympy

DEPTH = sympy.Symbol("N", integer=True, positive=True)
"""N, the number of factors; the model needs N >= 2."""

TAU = sympy.Symbol("tau", positive=True)
"""Normal-form step size, eta |lambda|^(2 - 2/N)."""

X = sympy.Symbol("x", positive=True)
Y = sympy.Symbol("y", positive=True)
"""Normal-form states, d / |lambda|^(1/N)."""

ETA = sympy.Symbol("eta", positive=True)
"""Step size of gradient descent."""

ALPHA = sympy.Symbol("alpha", positive=True)
"""Size of the identical initialisation."""

BETA = sympy.Symbol("beta", positive=True)
"""Perturbation of the first factor."""

LAMBDA = sympy.Symbol("lambda", real=True)
"""Eigenvalue of the target."""

D = sympy.Symbol("d", positive=True)
"""Common eigenvalue of the factors in one eigendirection."""

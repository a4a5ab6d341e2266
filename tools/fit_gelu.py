"""Prints the coefficients kGelu in src/math/polynomials.h: t (1 - Phi(t)) for 0 <= t <= END.

Least squares on Chebyshev nodes, re-weighted (Lawson 1961) until the error is level, which
approaches the minimax fit. Needs numpy.
"""

from math import erfc, sqrt

import numpy as np

END = 4.0  # beyond, the value at the end stands for all: 1.27e-4
DEGREE = 8
NODES = 4000

w = np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES)
t = (w + 1) * END / 2
goal = np.array([value / 2 * erfc(value / sqrt(2)) for value in t])
terms = np.polynomial.chebyshev.chebvander(w, DEGREE)
weights = np.ones(NODES)
for _ in range(200):
    root = np.sqrt(weights)
    fit, *_ = np.linalg.lstsq(terms * root[:, None], goal * root, rcond=None)
    weights *= np.abs(terms @ fit - goal)
    weights /= weights.sum()
print("largest error", np.abs(terms @ fit - goal).max())
for value in np.polynomial.chebyshev.cheb2poly(fit):
    print(f"{value:.9e}F,")

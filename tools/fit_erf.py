"""Prints the coefficients in src/math/polynomials.h: erf(x) / x as a polynomial in a scaled x^2.

Least squares on Chebyshev nodes, re-weighted (Lawson 1961) until the error of erf is level, which
approaches the minimax fit. Needs numpy.
"""

from math import erf

import numpy as np

END = 3.92  # 1 - erf(END) is half a unit in the last place of 1
DEGREE = 14
NODES = 4000

w = np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES)
x = np.sqrt((w + 1) * END * END / 2)
goal = np.array([erf(value) for value in x])
terms = np.polynomial.chebyshev.chebvander(w, DEGREE) * x[:, None]
weights = np.ones(NODES)
for _ in range(60):
    root = np.sqrt(weights)
    fit, *_ = np.linalg.lstsq(terms * root[:, None], goal * root, rcond=None)
    weights *= np.abs(terms @ fit - goal)
    weights /= weights.sum()
print("largest error", np.abs(terms @ fit - goal).max())
for value in np.polynomial.chebyshev.cheb2poly(fit):
    print(f"{value:.9e}F,")

"""Prints the coefficients kNormal in src/math/polynomials.h: (Phi(x) - 1/2) / x as a polynomial in a
scaled x^2, for gelu and its slope where they are rounded to bf16.

Fitted as in fit_erf.py, so that the error of x Phi(x) is level. Needs numpy.
"""

from math import erf

import numpy as np

END = 4.0  # 1 - Phi(END) is 3e-5
DEGREE = 8
NODES = 4000

w = np.cos(np.pi * (np.arange(NODES) + 0.5) / NODES)
x = np.sqrt((w + 1) * END * END / 2)
goal = np.array([erf(value / 2**0.5) / 2 for value in x])
terms = np.polynomial.chebyshev.chebvander(w, DEGREE) * x[:, None]
weights = np.ones(NODES)
for _ in range(60):
    root = np.sqrt(weights)
    fit, *_ = np.linalg.lstsq(terms * root[:, None], goal * root, rcond=None)
    weights *= np.abs(terms @ fit - goal) * x
    weights /= weights.sum()
error = np.abs(terms @ fit - goal)
print("largest error", error.max(), "of x Phi(x)", (error * x).max())
for value in np.polynomial.chebyshev.cheb2poly(fit):
    print(f"{value:.9e}F,")

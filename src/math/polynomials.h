// The coefficients that the vector kernels share: numbers only, no functions (see kernels.h).
#pragma once

namespace enlace::polynomials {

/// erf(x) = x (sum of kErf[i] w^i), w = 2 x^2 / kErfEnd^2 - 1, for |x| < kErfEnd; beyond, +-1.
/// Largest error 9e-8, in f32 arithmetic 3.1e-7. Made by tools/fit_erf.py.
inline constexpr float kErfEnd = 3.92F;
inline constexpr float kErf[15] = {
    3.607368322e-01F,  -1.801090903e-01F, 1.340821927e-01F,  -1.091603689e-01F, 9.063983143e-02F,
    -7.424103822e-02F, 5.810823771e-02F,  -4.229879151e-02F, 3.060768463e-02F,  -2.298583305e-02F,
    1.274549723e-02F,  -3.469729777e-03F, 3.079665129e-03F,  -4.373323270e-03F, 1.740290944e-03F};

/// gelu(x) = max(x, 0) - g(min(|x|, kGeluEnd)), g(t) = t (1 - Phi(t)) = sum of kGelu[i] w^i,
/// w = 2 t / kGeluEnd - 1. Largest error 1.2e-4 within, 2.5e-4 beyond. Made by tools/fit_gelu.py.
inline constexpr float kGeluEnd = 4;
inline constexpr float kGelu[9] = {4.543376336e-02F, -1.712938011e-01F, 2.188785481e-01F,
                                   1.159316640e-02F, -3.094935203e-01F, 2.450228254e-01F,
                                   3.058392323e-02F, -8.537014732e-02F, 1.466062940e-02F};

/// Phi(x) = 1/2 + x (sum of kNormal[i] w^i), w = 2 x^2 / kNormalEnd^2 - 1, for |x| < kNormalEnd;
/// beyond, 0 or 1. Largest error of Phi(x) 1.6e-5 within, 3.2e-5 beyond. Made by
/// tools/fit_normal.py.
inline constexpr float kNormalEnd = 4;
inline constexpr float kNormal[9] = {1.759489625e-01F,  -8.431715532e-02F, 5.596988373e-02F,
                                     -3.696217758e-02F, 2.230054956e-02F,  -1.198845862e-02F,
                                     6.586499564e-03F,  -3.676458279e-03F, 1.130881936e-03F};

/// exp(x) = 2^n exp(r), n = round(x / ln 2), r = x - n ln 2 taken in two steps (Cody and Waite
/// 1980), exp(r) by its Taylor series to r^6: relative error below 2e-7 for |r| <= ln(2) / 2.
inline constexpr float kInverseLn2 = 1.442695041F;
inline constexpr float kLn2High = 0.693359375F;  // nine bits: n kLn2High is exact
inline constexpr float kLn2Low = -2.121944400e-4F;
inline constexpr float kExp[7] = {1, 1, 1.0F / 2, 1.0F / 6, 1.0F / 24, 1.0F / 120, 1.0F / 720};
inline constexpr float kExpLeast = -87.0F;  // below, the result would be subnormal

}  // namespace enlace::polynomials

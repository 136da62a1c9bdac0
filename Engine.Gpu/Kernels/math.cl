// Elementary functions from +, × and fma alone, so that every device gives the same results (a driver's own exp may be off by 3–16 ulp,
// and clang has none for PTX). Polynomials are minimax fits over the interval named; errors were measured against double.

// eˣ = 2ⁿ·eʳ, n = round(x / ln 2), |r| ≤ ln 2 / 2, ln 2 split in two so that n·ln 2 is exact. Error < 1 ulp; denormals and infinities come out right.
FUNCTION float exp_of(float x)
{
    if (x > 88.73f)
        return INFINITE;
    if (x < -104.0f)
        return 0;
    float n = FMA(x, 1.44269502f, 12582912.0f) - 12582912.0f; // adding 1.5·2²³ rounds to an integer
    float r = FMA(n, -0.693145752f, x);
    r = FMA(n, -1.42860677e-6f, r);
    float p = FMA(0.00139517174f, r, 0.00836959854f);
    p = FMA(p, r, 0.0416661873f);
    p = FMA(p, r, 0.166665122f);
    p = FMA(p, r, 0.5f);
    p = FMA(p * r, r, r) + 1.0f;
    // 2ⁿ in two factors: for n = 128 or n < −126 one factor would leave the range of the exponent.
    int whole = x == x ? (int)n : 0, part = whole >> 1;
    return p * FLOAT((part + 127) << 23) * FLOAT((whole - part + 127) << 23);
}

// log x for normal x > 0: x = 2ⁿ·(1 + f), f in [√½ − 1, √2 − 1).
FUNCTION float log_of(float x)
{
    int bits = BITS(x);
    int n = (bits - 0x3f3504f3) >> 23;
    float f = FLOAT(bits - (n << 23)) - 1.0f;
    float p = FMA(-0.0763442963f, f, 0.127615497f);
    p = FMA(p, f, -0.131601945f);
    p = FMA(p, f, 0.142017618f);
    p = FMA(p, f, -0.166233569f);
    p = FMA(p, f, 0.200012267f);
    p = FMA(p, f, -0.250008225f);
    p = FMA(p, f, 0.333333313f);
    p = FMA(f * f * f, p, FMA(-0.5f * f, f, (float)n * 1.42860677e-6f));
    return x < INFINITE ? FMA((float)n, 0.693145752f, f + p) : x;
}

// log(1 + e) for e ≥ 0: the quotient undoes the rounding of 1 + e.
FUNCTION float log_one_plus(float e)
{
    float u = 1.0f + e;
    return u == 1.0f ? e : log_of(u) * (e / (u - 1.0f));
}

// eˣ − 1: a polynomial near 0, where the subtraction would cancel.
FUNCTION float exp_minus_one(float x)
{
    if (ABS(x) > 0.5f)
        return exp_of(x) - 1.0f;
    float p = FMA(0.000199928952f, x, 0.0013997457f);
    p = FMA(p, x, 0.008333073f);
    p = FMA(p, x, 0.0416653156f);
    p = FMA(p, x, 0.166666687f);
    p = FMA(p, x, 0.5f);
    return FMA(p * x, x, x);
}

// tanh x = x + x³·p(x²) below 0.6, else ±(1 − 2 / (e^2|x| + 1)).
FUNCTION float tanh_of(float x)
{
    float magnitude = ABS(x), s = x * x;
    if (magnitude < 0.6f)
    {
        float p = FMA(-0.00590586057f, s, 0.0208053775f);
        p = FMA(p, s, -0.0537866801f);
        p = FMA(p, s, 0.133319587f);
        p = FMA(p, s, -0.333332986f);
        return FMA(p * s, x, x);
    }
    float y = 1.0f - 2.0f / (exp_of(2.0f * magnitude) + 1.0f);
    return x < 0 ? -y : y;
}

FUNCTION float sigmoid_of(float x)
{
    return 1.0f / (1.0f + exp_of(-x));
}

// Φ(x) = erfc(−x/√2) / 2. With t = |x|/√2: erfc(t) = e^(−t²) · g(q) / (1 + 2t), q = (t − 2)/(t + 2), g a polynomial.
// t² is carried in two floats, so the far left tail keeps its relative precision.
FUNCTION float normal_cdf(float x)
{
    float t = ABS(x) * 0.707106769f;
    float q = (t - 2.0f) / (t + 2.0f);
    float g = FMA(-0.000405606727f, q, -0.00123404129f);
    g = FMA(g, q, 0.00132107071f);
    g = FMA(g, q, 0.00863728020f);
    g = FMA(g, q, -0.00806346629f);
    g = FMA(g, q, -0.0542064793f);
    g = FMA(g, q, 0.164055988f);
    g = FMA(g, q, -0.166031167f);
    g = FMA(g, q, -0.0927640125f);
    g = FMA(g, q, 1.27697837f);
    float square = t * t, rest = FMA(t, t, -square);
    float tail = t > 10.4f ? 0.0f : 0.5f * exp_of(-square) * (1.0f - rest) * g / (1.0f + 2.0f * t);
    return x > 0 ? 1.0f - tail : x == x ? tail : x;
}

// φ(x) = e^(−x²/2) / √(2π).
FUNCTION float normal_density(float x)
{
    return 0.398942292f * exp_of(-0.5f * x * x);
}

using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

// Lanes: neighbouring parameters. One pass: each of w, g and the state is read once and written once. Tail by StoreFirst. Every rounding
// stands where ScalarOptimizer has it.
internal sealed unsafe partial class SimdBackend<T>
{
    internal override void Sgd(Storage w, Storage g, Storage? momentumBuffer, int count, in SgdStep step)
    {
        var update = new SgdUpdate { W = Cells(w), G = Cells(g), Buffer = CellsOrNull(momentumBuffer), Step = step, Count = count };
        Share(count, cellsWorthSharing: 30_000, &SgdPart, &update, out update.Parts);
        KeepAlive(w, g, momentumBuffer);
    }

    internal override void Adam(Storage w, Storage g, Storage m, Storage v, Storage? vMax, int count, in AdamStep step)
    {
        var update = new AdamUpdate
        {
            W = Cells(w),
            G = Cells(g),
            M = Cells(m),
            V = Cells(v),
            Maxima = CellsOrNull(vMax),
            Factors = new AdamFactors(step),
            Count = count,
        };
        Share(count, cellsWorthSharing: 30_000, &AdamPart, &update, out update.Parts);
        KeepAlive(w, g, m, v, vMax);
    }

    private struct SgdUpdate
    {
        public float* W, G, Buffer;
        public SgdStep Step;
        public int Count, Parts;
    }

    private struct AdamUpdate
    {
        public float* W, G, M, V, Maxima;
        public AdamFactors Factors;
        public int Count, Parts;
    }

    // The loops below stand apart from what computes their constants: a call before a loop would push the constants out of the registers.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void SgdPart(void* state, int part)
    {
        ref readonly var update = ref *(SgdUpdate*)state;
        var range = new CellRange(0, update.Count).Part(part, update.Parts, unit: T.Count);
        float* ws = update.W, gs = update.G, buffer = update.Buffer;
        bool decays = update.Step.WeightDecay != 0, first = update.Step.FirstStep, nesterov = update.Step.Nesterov;
        T minusRate = T.All(-update.Step.LearningRate), decay = T.All(update.Step.WeightDecay);
        T momentum = T.All(update.Step.Momentum), keep = T.All(update.Step.Keep);
        int plain = decays || buffer is not null ? 0 : range.Count / (4 * T.Count) * (4 * T.Count);
        StepAgainst(ws + range.Start, gs + range.Start, plain, minusRate);
        for (int i = range.Start + plain; i < range.End; i += T.Count)
        {
            int lanes = Math.Min(T.Count, range.End - i);
            T weight = T.Load(ws + i), gradient = T.Load(gs + i);
            if (decays)
                gradient = T.MultiplyAdd(decay, weight, gradient);
            if (buffer is not null)
            {
                T velocity = first ? gradient : T.MultiplyAdd(gradient, keep, momentum * T.Load(buffer + i));
                velocity.StoreFirst(buffer + i, lanes);
                gradient = nesterov ? T.MultiplyAdd(momentum, velocity, gradient) : velocity;
            }
            T.MultiplyAdd(minusRate, gradient, weight).StoreFirst(ws + i, lanes);
        }
    }

    // w += factor·g, four whole registers at a time: half the time of the loop for everything.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void StepAgainst(float* w, float* g, int count, T factor)
    {
        for (int i = 0; i < count; i += 4 * T.Count)
        {
            T w0 = T.Load(w + i), w1 = T.Load(w + i + T.Count), w2 = T.Load(w + i + 2 * T.Count), w3 = T.Load(w + i + 3 * T.Count);
            w0.AddProduct(factor, T.Load(g + i));
            w1.AddProduct(factor, T.Load(g + i + T.Count));
            w2.AddProduct(factor, T.Load(g + i + 2 * T.Count));
            w3.AddProduct(factor, T.Load(g + i + 3 * T.Count));
            w0.Store(w + i);
            w1.Store(w + i + T.Count);
            w2.Store(w + i + 2 * T.Count);
            w3.Store(w + i + 3 * T.Count);
        }
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void AdamPart(void* state, int part)
    {
        ref readonly var update = ref *(AdamUpdate*)state;
        var range = new CellRange(0, update.Count).Part(part, update.Parts, unit: T.Count);
        ref readonly var factors = ref update.Factors;
        float* ws = update.W, gs = update.G, ms = update.M, vs = update.V, maxima = update.Maxima;
        bool decays = factors.Decay != 0, lerps = factors.Lerp;
        T beta1 = T.All(factors.Beta1), beta2 = T.All(factors.Beta2), keep1 = T.All(factors.Keep1), keep2 = T.All(factors.Keep2);
        T decay = T.All(factors.Decay), shrink = T.All(factors.Shrink), minusStepSize = T.All(-factors.StepSize);
        T root = T.All(factors.RootCorrection), epsilon = T.All(factors.Epsilon), smallest = T.All(ScalarOptimizer.SmallestMoment);
        for (int i = range.Start; i < range.End; i += T.Count)
        {
            int lanes = Math.Min(T.Count, range.End - i);
            T weight = shrink * T.Load(ws + i), gradient = T.Load(gs + i);
            if (decays)
                gradient = T.MultiplyAdd(decay, weight, gradient);
            T mean = lerps ? Lerp(T.Load(ms + i), gradient, factors.Keep1) : T.MultiplyAdd(gradient, keep1, beta1 * T.Load(ms + i));
            T square = T.MultiplyAdd(keep2 * gradient, gradient, beta2 * T.Load(vs + i));
            mean = T.IfLess(T.Abs(mean), smallest, T.Zero, mean);
            square = T.IfLess(square, smallest, T.Zero, square);
            mean.StoreFirst(ms + i, lanes);
            square.StoreFirst(vs + i, lanes);
            if (maxima is not null)
            {
                square = T.Max(T.Load(maxima + i), square);
                square.StoreFirst(maxima + i, lanes);
            }
            T denominator = T.Sqrt(square) / root + epsilon;
            (weight + minusStepSize * mean / denominator).StoreFirst(ws + i, lanes);
        }
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    internal override void RmsProp(Storage w, Storage g, Storage squareAverage, Storage? mean, Storage? buffer, int count,
        in RmsPropStep step)
    {
        float* ws = Cells(w), gs = Cells(g), squares = Cells(squareAverage), means = CellsOrNull(mean), velocities = CellsOrNull(buffer);
        T alpha = T.All(step.Alpha), keep = T.All(step.Keep), decay = T.All(step.WeightDecay);
        T momentum = T.All(step.Momentum), minusRate = T.All(-step.LearningRate), epsilon = T.All(step.Epsilon);
        bool decays = step.WeightDecay != 0;
        for (int i = 0; i < count; i += T.Count)
        {
            int lanes = Math.Min(T.Count, count - i);
            T weight = T.Load(ws + i), gradient = T.Load(gs + i);
            if (decays)
                gradient = T.MultiplyAdd(decay, weight, gradient);
            T variance = Flush(T.MultiplyAdd(keep * gradient, gradient, alpha * T.Load(squares + i)));
            variance.StoreFirst(squares + i, lanes);
            if (means is not null)
            {
                T average = Flush(T.MultiplyAdd(gradient, keep, alpha * T.Load(means + i)));
                average.StoreFirst(means + i, lanes);
                variance = T.MultiplyAdd(-average, average, variance);
            }
            T root = T.Sqrt(variance) + epsilon;
            if (velocities is null)
            {
                (weight + minusRate * gradient / root).StoreFirst(ws + i, lanes);
                continue;
            }
            T velocity = momentum * T.Load(velocities + i) + gradient / root;
            velocity.StoreFirst(velocities + i, lanes);
            T.MultiplyAdd(minusRate, velocity, weight).StoreFirst(ws + i, lanes);
        }
        KeepAlive(w, g, squareAverage, mean, buffer);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    internal override void Adagrad(Storage w, Storage g, Storage sum, int count, float learningRate, float weightDecay, float epsilon)
    {
        float* ws = Cells(w), gs = Cells(g), sums = Cells(sum);
        T minusRate = T.All(-learningRate), decay = T.All(weightDecay), epsilonAll = T.All(epsilon);
        for (int i = 0; i < count; i += T.Count)
        {
            int lanes = Math.Min(T.Count, count - i);
            T weight = T.Load(ws + i), gradient = T.Load(gs + i);
            if (weightDecay != 0)
                gradient = T.MultiplyAdd(decay, weight, gradient);
            T squares = T.MultiplyAdd(gradient, gradient, T.Load(sums + i));
            squares.StoreFirst(sums + i, lanes);
            (weight + minusRate * gradient / (T.Sqrt(squares) + epsilonAll)).StoreFirst(ws + i, lanes);
        }
        KeepAlive(w, g, sum);
    }

    [MethodImpl(AggressiveInlining)]
    private static T Lerp(T a, T b, float t) =>
        t < 0.5f ? T.MultiplyAdd(T.All(t), b - a, a) : T.MultiplyAdd(T.All(t - 1), b - a, b);

    [MethodImpl(AggressiveInlining)]
    private static T Flush(T moment) => T.IfLess(T.Abs(moment), T.All(ScalarOptimizer.SmallestMoment), T.Zero, moment);
}

using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

// Lanes: neighbouring parameters. One pass: each of w, g and the state is read once and written once. Tail by LoadFirst and StoreFirst.
internal sealed unsafe partial class SimdBackend<T>
{
    // Moments below this are set to 0: denormal numbers slow some CPUs tenfold, and at 10⁻¹⁰ of ε they change no update.
    private const float SmallestMoment = 1.1754944e-38f;

    [MethodImpl(AggressiveOptimization | NoInlining)]
    public override void Sgd(Storage w, Storage g, Storage? momentumBuffer, int count, in SgdStep step)
    {
        float* ws = Cells(w), gs = Cells(g), buffer = CellsOrNull(momentumBuffer);
        T minusRate = T.All(-step.LearningRate), decay = T.All(step.WeightDecay);
        T momentum = T.All(step.Momentum), keep = T.All(1 - step.Dampening);
        bool decays = step.WeightDecay != 0;
        for (int i = 0; i < count; i += T.Count)
        {
            int lanes = Math.Min(T.Count, count - i);
            T weight = T.Load(ws + i), gradient = T.Load(gs + i);
            if (decays)
                gradient = T.MultiplyAdd(decay, weight, gradient);
            if (buffer != null)
            {
                T velocity = step.FirstStep ? gradient : T.MultiplyAdd(momentum, T.Load(buffer + i), keep * gradient);
                velocity.StoreFirst(buffer + i, lanes);
                gradient = step.Nesterov ? T.MultiplyAdd(momentum, velocity, gradient) : velocity;
            }
            T.MultiplyAdd(minusRate, gradient, weight).StoreFirst(ws + i, lanes);
        }
        KeepAlive(w, g, momentumBuffer);
    }

    // Every rounding where PyTorch 1.13 has it (mul_, add_, addcmul_, addcdiv_ over FMA lanes): equal gradients give equal weights, bit for bit.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    public override void Adam(Storage w, Storage g, Storage m, Storage v, Storage? vMax, int count, in AdamStep step)
    {
        float* ws = Cells(w), gs = Cells(g), ms = Cells(m), vs = Cells(v), maxima = CellsOrNull(vMax);
        T beta1 = T.All((float)step.Beta1), beta2 = T.All((float)step.Beta2);
        T keep1 = T.All((float)(1 - step.Beta1)), keep2 = T.All((float)(1 - step.Beta2));
        T decay = T.All(step.Decoupled ? 0 : (float)step.WeightDecay);
        T shrink = T.All(step.Decoupled ? (float)(1 - step.LearningRate * step.WeightDecay) : 1);
        T minusStepSize = T.All(-step.StepSize), root = T.All(step.RootBiasCorrection2), epsilon = T.All((float)step.Epsilon);
        for (int i = 0; i < count; i += T.Count)
        {
            int lanes = Math.Min(T.Count, count - i);
            T weight = shrink * T.Load(ws + i);
            T gradient = T.MultiplyAdd(decay, weight, T.Load(gs + i));
            T mean = Flush(T.MultiplyAdd(gradient, keep1, beta1 * T.Load(ms + i)));
            T square = Flush(T.MultiplyAdd(keep2 * gradient, gradient, beta2 * T.Load(vs + i)));
            mean.StoreFirst(ms + i, lanes);
            square.StoreFirst(vs + i, lanes);
            if (maxima != null)
            {
                square = T.Max(T.Load(maxima + i), square);
                square.StoreFirst(maxima + i, lanes);
            }
            T denominator = T.Sqrt(square) / root + epsilon;
            (weight + minusStepSize * mean / denominator).StoreFirst(ws + i, lanes);
        }
        KeepAlive(w, g, m, v, vMax);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    public override void RmsProp(Storage w, Storage g, Storage squareAverage, Storage? mean, Storage? buffer, int count, in RmsPropStep step)
    {
        float* ws = Cells(w), gs = Cells(g), squares = Cells(squareAverage), means = CellsOrNull(mean), velocities = CellsOrNull(buffer);
        T alpha = T.All(step.Alpha), keep = T.All(1 - step.Alpha), decay = T.All(step.WeightDecay);
        T momentum = T.All(step.Momentum), minusRate = T.All(-step.LearningRate), epsilon = T.All(step.Epsilon);
        for (int i = 0; i < count; i += T.Count)
        {
            int lanes = Math.Min(T.Count, count - i);
            T weight = T.Load(ws + i);
            T gradient = T.MultiplyAdd(decay, weight, T.Load(gs + i));
            T variance = Flush(T.MultiplyAdd(alpha, T.Load(squares + i), keep * gradient * gradient));
            variance.StoreFirst(squares + i, lanes);
            if (means != null)
            {
                T average = Flush(T.MultiplyAdd(alpha, T.Load(means + i), keep * gradient));
                average.StoreFirst(means + i, lanes);
                variance = T.MultiplyAdd(-average, average, variance);
            }
            T update = gradient / (T.Sqrt(variance) + epsilon);
            if (velocities != null)
            {
                update = T.MultiplyAdd(momentum, T.Load(velocities + i), update);
                update.StoreFirst(velocities + i, lanes);
            }
            T.MultiplyAdd(minusRate, update, weight).StoreFirst(ws + i, lanes);
        }
        KeepAlive(w, g, squareAverage, mean, buffer);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    public override void Adagrad(Storage w, Storage g, Storage sum, int count, float learningRate, float weightDecay, float epsilon)
    {
        float* ws = Cells(w), gs = Cells(g), sums = Cells(sum);
        T minusRate = T.All(-learningRate), decay = T.All(weightDecay), epsilonAll = T.All(epsilon);
        for (int i = 0; i < count; i += T.Count)
        {
            int lanes = Math.Min(T.Count, count - i);
            T weight = T.Load(ws + i);
            T gradient = T.MultiplyAdd(decay, weight, T.Load(gs + i));
            T squares = T.MultiplyAdd(gradient, gradient, T.Load(sums + i));
            squares.StoreFirst(sums + i, lanes);
            T.MultiplyAdd(minusRate, gradient / (T.Sqrt(squares) + epsilonAll), weight).StoreFirst(ws + i, lanes);
        }
        KeepAlive(w, g, sum);
    }

    [MethodImpl(AggressiveInlining)]
    private static T Flush(T moment) => T.Select(T.LessThan(T.Abs(moment), T.All(SmallestMoment)), T.Zero, moment);
}

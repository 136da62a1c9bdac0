using NativeNN.Backends;

namespace NativeNN.Tests.Backends;

public static partial class KernelCases
{
    private const int Ignored = -100;

    private static readonly (int Rows, int Columns)[] LogitShapes =
        [(1, 1), (1, 10), (3, 2), (4, 10), (5, 7), (32, 10), (33, 16), (64, 10), (9, 17), (6, 33), (7, 100), (130, 10), (2, 784)];

    private static IEnumerable<KernelCase> Losses()
    {
        foreach (var (rows, columns) in LogitShapes)
        {
            // The last row is far out: e^x would overflow without the maximum subtracted.
            float[] x = [.. Normal(rows * columns, seed: 30, deviation: 2).Select((value, i) =>
                i / columns == rows - 1 ? value * 100 + 500 : value)];
            float[] moderate = Normal(rows * columns, seed: 31, deviation: 2);
            foreach (bool log in OffOn)
            {
                yield return new($"Softmax{(log ? " log" : "")} {rows}x{columns}", rig =>
                {
                    var y = rig.Backend.Allocate(rows * columns);
                    rig.Backend.Softmax(log, rig.Put(x), y, rows, columns);
                    return rig.Get(y, rows * columns);
                })
                { Scale = log ? 1 : 1e-30, Tolerance = log ? 1e-6 : 1e-5 };

                foreach (bool accumulate in OffOn)
                    yield return new($"SoftmaxBackward{(log ? " log" : "")}{(accumulate ? " accumulate" : "")} {rows}x{columns}", rig =>
                    {
                        Storage y = rig.Backend.Allocate(rows * columns), dX = rig.Put(Normal(rows * columns, seed: 32));
                        rig.Backend.Softmax(log, rig.Put(moderate), y, rows, columns);
                        rig.Backend.SoftmaxBackward(log, y, rig.Put(Normal(rows * columns, seed: 33)), dX, rows, columns, accumulate);
                        return rig.Get(dX, rows * columns);
                    })
                    { Scale = Math.Sqrt(columns) };
            }

            foreach (var reduction in Enum.GetValues<Reduction>())
                foreach (bool ignoring in OffOn)
                    yield return Loss(rows, columns, x, reduction, ignoring);
        }
        yield return new("CrossEntropy of nothing but ignored rows", rig =>
        {
            Storage probabilities = rig.Backend.Allocate(30), loss = rig.Backend.Allocate(1), dX = rig.Put(Normal(30, seed: 34));
            Storage labels = rig.Put([Ignored, Ignored, Ignored]);
            rig.Backend.CrossEntropy(rig.Put(Normal(30, seed: 35)), labels, probabilities, loss, rows: 3, columns: 10, Reduction.Mean,
                Ignored);
            rig.Backend.CrossEntropyBackward(probabilities, labels, rig.Put([1f]), dX, rows: 3, columns: 10, Reduction.Mean, Ignored);
            return [.. rig.Get(loss, 1), .. rig.Get(dX, 30)];
        });
    }

    // Forward and backward of both losses; labels include class 0 as the ignored index once, and an index outside the classes.
    private static KernelCase Loss(int rows, int columns, float[] x, Reduction reduction, bool ignoring)
    {
        int ignoreIndex = columns > 2 && rows % 2 == 1 ? 0 : Ignored;
        int[] labels = [.. Enumerable.Range(0, rows).Select(r => ignoring && r % 4 == 2 ? ignoreIndex : r * 7 % columns)];
        float[] dY = reduction == Reduction.None ? Normal(rows, seed: 36) : [1.7f];
        int losses = reduction == Reduction.None ? rows : 1;
        return new($"Losses {reduction}{(ignoring ? " ignoring" : "")} {rows}x{columns}", rig =>
        {
            var outputs = new List<float>();
            foreach (bool accumulate in OffOn)
            {
                Storage logits = rig.Put(x), labelStorage = rig.Put(labels), upstream = rig.Put(dY);
                Storage probabilities = rig.Backend.Allocate(rows * columns), loss = rig.Backend.Allocate(losses),
                    dX = rig.Put(Normal(rows * columns, seed: 37));
                rig.Backend.CrossEntropy(logits, labelStorage, probabilities, loss, rows, columns, reduction, ignoreIndex);
                rig.Backend.CrossEntropyBackward(probabilities, labelStorage, upstream, dX, rows, columns, reduction, ignoreIndex,
                    accumulate);
                outputs.AddRange(rig.Get(probabilities, rows * columns));
                outputs.AddRange(rig.Get(loss, losses));
                outputs.AddRange(rig.Get(dX, rows * columns));

                Storage logP = rig.Backend.Allocate(rows * columns), dLogP = rig.Put(Normal(rows * columns, seed: 38));
                rig.Backend.Softmax(log: true, logits, logP, rows, columns);
                rig.Backend.NllLoss(logP, labelStorage, loss, rows, columns, reduction, ignoreIndex);
                rig.Backend.NllLossBackward(labelStorage, upstream, dLogP, rows, columns, reduction, ignoreIndex, accumulate);
                outputs.AddRange(rig.Get(loss, losses));
                outputs.AddRange(rig.Get(dLogP, rows * columns));
            }
            return [.. outputs];
        })
        { Scale = 1 };
    }

    private static IEnumerable<KernelCase> Optimizers()
    {
        foreach (int count in Sizes.Append(5000))
        {
            foreach (float momentum in new[] { 0f, 0.9f })
                foreach (bool nesterov in OffOn)
                    foreach (float decay in new[] { 0f, 0.1f })
                        if (momentum > 0 || !nesterov)
                            yield return Steps($"Sgd momentum {momentum} nesterov {nesterov} decay {decay} {count}", count,
                                states: momentum > 0 ? 1 : 0,
                                (backend, w, g, state, t) => backend.Sgd(w, g, state.ElementAtOrDefault(0), count,
                                    new SgdStep(LearningRate: 0.05f, momentum, Keep: nesterov ? 1 : 0.75f, decay, nesterov,
                                        FirstStep: t == 1)));

            foreach (bool amsgrad in OffOn)
                foreach (bool decoupled in OffOn)
                    foreach (double decay in new[] { 0.0, 0.1 })
                        yield return Steps($"Adam amsgrad {amsgrad} decoupled {decoupled} decay {decay} {count}", count,
                            states: amsgrad ? 3 : 2,
                            (backend, w, g, state, t) => backend.Adam(w, g, state[0], state[1], state.ElementAtOrDefault(2), count,
                                new AdamStep(LearningRate: 0.01, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, decay, decoupled, Step: t)));

            foreach (double beta1 in new[] { 0.9, 0.4 }) // lerp starts from the nearer end
                yield return Steps($"Adam lerp beta1 {beta1} {count}", count, states: 2,
                    (backend, w, g, state, t) => backend.Adam(w, g, state[0], state[1], vMax: null, count,
                        new AdamStep(0.01, beta1, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 0, Decoupled: false, Step: t, Lerp: true)));

            foreach (bool centered in OffOn)
                foreach (float momentum in new[] { 0f, 0.9f })
                    yield return Steps($"RmsProp centered {centered} momentum {momentum} {count}", count, states: 3,
                        (backend, w, g, state, _) =>
                            backend.RmsProp(w, g, state[0], centered ? state[1] : null, momentum > 0 ? state[2] : null, count,
                            new RmsPropStep(LearningRate: 0.01f, Alpha: 0.9f, Keep: 0.1f, Epsilon: 1e-8f, WeightDecay: 0.1f, momentum)));

            yield return Steps($"Adagrad {count}", count, states: 1,
                (backend, w, g, state, _) =>
                    backend.Adagrad(w, g, state[0], count, learningRate: 0.05f, weightDecay: 0.1f, epsilon: 1e-10f));
        }
        yield return new("Adam with gradients of zero and next to zero", rig =>
        {
            float[] gradients = [0, 1e-30f, -1e-22f, 1e-15f, 1e-8f, -1e-4f, 1, -1e4f, 1e15f, 0, 0, 0, 1e-19f, 3e-20f, 1e-12f, 2, 0, 1e-38f];
            Storage w = rig.Put(Normal(18, seed: 44)), m = rig.Put(new float[18]), v = rig.Put(new float[18]), g = rig.Put(gradients);
            for (int t = 1; t <= 3; t++)
                rig.Backend.Adam(w, g, m, v, vMax: null, count: 18,
                    new AdamStep(LearningRate: 0.01, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 0, Decoupled: false, Step: t));
            return rig.Get(w, 18);
        })
        { Scale = 1, Tolerance = 1e-6 };
    }

    // Three steps with new gradients each; w and every state buffer are compared.
    private static KernelCase Steps(string name, int count, int states, Action<Backend, Storage, Storage, Storage[], int> step) =>
        new(name, rig =>
        {
            var w = rig.Put(Normal(count, seed: 40));
            Storage[] state = [.. Enumerable.Range(0, states).Select(_ => rig.Put(new float[count]))];
            for (int t = 1; t <= 3; t++)
                step(rig.Backend, w, rig.Put(Normal(count, seed: 40 + t, deviation: 0.1)), state, t);
            return [.. rig.Get(w, count), .. state.SelectMany(one => rig.Get(one, count))];
        })
        { Scale = 1, Tolerance = 1e-6 };
}

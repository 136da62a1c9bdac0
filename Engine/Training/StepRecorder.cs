using NativeNN.Backends;

namespace NativeNN.Training;

/// <summary>
/// Loss and correct answers of every step of an epoch, kept on the backend and read once at its end: on a GPU nothing waits for a step.
/// </summary>
public sealed class StepRecorder
{
    private readonly Backend backend;
    private readonly Storage losses, correct;
    private readonly int capacity;
    private int samples;

    /// <summary>Room for that many steps. Throws ArgumentOutOfRangeException for a negative number.</summary>
    public StepRecorder(Backend backend, int steps)
    {
        if (steps < 0)
            throw new ArgumentOutOfRangeException(nameof(steps), $"StepRecorder: steps is {steps}; needs at least 0");
        (this.backend, capacity) = (backend, steps);
        losses = backend.Allocate(steps);
        correct = backend.Allocate(steps);
    }

    /// <summary>Steps recorded since Reset.</summary>
    public int Steps { get; private set; }

    /// <summary>
    /// Notes one step. loss: one element; logits: [n, classes]. Throws InvalidOperationException when full or for another backend's
    /// tensors, ShapeException.
    /// </summary>
    public void Record(Tensor loss, Tensor logits, Labels labels)
    {
        if (loss.Length != 1)
            throw new ShapeException($"StepRecorder: the loss is {loss.Shape}; needs one element");
        Check(loss.Backend, logits, labels);
        backend.Copy(loss.Storage, 0, losses, Steps, 1);
        Record(logits, labels);
    }

    /// <summary>Notes the correct answers of one step without a loss, as an evaluation does. Throws as above.</summary>
    public void Record(Tensor logits, Labels labels)
    {
        Check(backend, logits, labels);
        backend.CountCorrect(logits.Storage, labels.Storage, logits.Rows, logits.Columns, correct, Steps);
        samples += labels.Count;
        Steps++;
    }

    private void Check(Backend lossBackend, Tensor logits, Labels labels)
    {
        if (Steps == capacity)
            throw new InvalidOperationException($"StepRecorder: made for {capacity} steps, all recorded; Reset() it or make a larger one");
        LabelCheck.Answers("StepRecorder", logits, labels);
        if (lossBackend != backend || logits.Backend != backend)
            throw new InvalidOperationException($"StepRecorder: made for '{backend}' but got a loss on '{lossBackend}' and logits on "
                + $"'{logits.Backend}'; make it for the backend that trains");
    }

    /// <summary>Starts over.</summary>
    public void Reset() => Steps = samples = 0;

    /// <summary>
    /// Goes on after steps recorded elsewhere: their losses and right answers, and how many examples they saw. Throws ArgumentException if
    /// the two differ in length or there is no room for them.
    /// </summary>
    public void Restore(ReadOnlySpan<float> losses, ReadOnlySpan<int> correct, int samples)
    {
        if (losses.Length != correct.Length || losses.Length > capacity)
            throw new ArgumentException(
                $"StepRecorder: got {losses.Length} losses and {correct.Length} counts, needs as many of both, at most {capacity}");
        backend.Write(losses, this.losses);
        backend.WriteInts(correct, this.correct);
        (Steps, this.samples) = (losses.Length, samples);
    }

    /// <summary>Examples seen since Reset.</summary>
    public int Samples => samples;

    /// <summary>The loss of every step.</summary>
    public float[] Losses()
    {
        var values = new float[Steps];
        backend.Read(losses, values);
        return values;
    }

    /// <summary>How many of each step's batch were right.</summary>
    public int[] Correct()
    {
        var values = new int[Steps];
        backend.ReadInts(correct, values);
        return values;
    }

    /// <summary>Right answers / all answers, in 0–1.</summary>
    public double Accuracy() => Correct().Sum() / (double)samples;
}

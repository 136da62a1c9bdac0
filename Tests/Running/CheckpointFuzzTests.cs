using CsCheck;
using NativeNN.Data;
using NativeNN.Experiments.Running;
using NativeNN.Random;
using NativeNN.Tests.Compare;

namespace NativeNN.Tests.Running;

/// <summary>Whatever happens to a checkpoint's bytes, it is read as it was written, or refused in a line that names it.</summary>
public sealed class CheckpointFuzzTests : IDisposable
{
    private const int Mutations = 10_000;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ADamagedFileIsRefusedOrSaysTheSame()
    {
        byte[] whole = Checkpoint();
        string state = State(Write(whole));
        int refused = 0;
        Mutation(whole).Sample(damaged =>
        {
            string path = Write(damaged);
            try
            {
                Assert.Equal(state, State(path)); // the bytes that differ mean nothing: blanks after the header
            }
            catch (BadInputException e)
            {
                Interlocked.Increment(ref refused);
                Assert.StartsWith(path, e.Message);
                Assert.DoesNotContain('\n', e.Message);
            }
            finally
            {
                File.Delete(path);
            }
        }, iter: Mutations);
        Assert.InRange(refused, Mutations / 2, Mutations);
    }

    // One to three of: a byte changed, a bit flipped, a piece cut out, doubled, or blanked, the rest lost.
    private static Gen<byte[]> Mutation(byte[] whole) =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, whole.Length - 1], Gen.Int[1, 64], Gen.Byte).Array[1, 3]
            .Select(steps => steps.Aggregate(whole, (bytes, step) => Mutated(bytes, step.Item1, step.Item2, step.Item3, step.Item4)));

    private static byte[] Mutated(byte[] bytes, int kind, int at, int length, byte value)
    {
        at = Math.Min(at, Math.Max(0, bytes.Length - 1));
        int end = Math.Min(bytes.Length, at + length);
        byte[] changed = [.. bytes];
        switch (kind)
        {
            case 0 when changed.Length > 0: changed[at] = value; return changed;
            case 1 when changed.Length > 0: changed[at] ^= (byte)(1 << (value % 8)); return changed;
            case 2: return [.. bytes[..at], .. bytes[end..]];
            case 3: return [.. bytes[..end], .. bytes[at..]];
            case 4: changed.AsSpan(at, end - at).Fill(value); return changed;
            default: return bytes[..at];
        }
    }

    // A training of lecture 001, interrupted in its second epoch: every kind of entry is there.
    private byte[] Checkpoint()
    {
        var recipe = LectureData.Recipe("001") with { BatchSize = 4 };
        recipe = recipe with { Network = recipe.Network with { Widths = [4, 3, 3, 2, 2] }, Optimizer = new(OptimizerKind.Adam, 0.01) };
        var images = new ImageSet("squares", [.. Enumerable.Range(0, 160).Select(i => (byte)i)],
            [.. Enumerable.Range(0, 40).Select(i => (byte)(i % 2))], rows: 2, columns: 2);
        var data = recipe.Data.Divide(images, () => throw new InvalidOperationException(), seed: 1);
        var loop = new TrainingLoop(recipe, data, new Generator(1));
        string path = folder.File("whole.safetensors");
        var file = new CheckpointFile(path, TrainingRecord.Of("main", recipe, data, epochs: 2, seed: 1));
        var run = new TrainingRun(loop, file, resume: false, new SecondEpoch(loop), _ => { }, _ => { }) { Counters = [1, 2] };
        Assert.Throws<RunInterruptedException>(() => run.Run(epochs: 2));
        return File.ReadAllBytes(path);
    }

    private string Write(byte[] bytes) => folder.Write($"{Guid.NewGuid():N}.safetensors", bytes);

    private static string State(string path)
    {
        var saved = SavedTraining.Read(path);
        var weights = saved.NewNetwork().Parameters().SelectMany(p => p.ToArray());
        return $"{string.Join(' ', weights)} {saved.RecordJson} {saved.Recording.ToJson()} {saved.Start} {saved.Part!.Seconds} "
            + string.Join(' ', saved.Part.Losses);
    }

    private sealed class SecondEpoch(TrainingLoop loop) : Interruption
    {
        private int steps;

        public override int ExitCode => steps++ > loop.Batches.Count + 4 ? 143 : 0;
    }
}

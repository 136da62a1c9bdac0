using NativeNN.Data;
using NativeNN.Random;

namespace NativeNN.Tests.Data;

public class DataLoaderTests
{
    public static IEnumerable<object[]> Backends => TestBackends.All.Keys.Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Backends))]
    public void EveryRowComesOnceWithItsLabel(string backend)
    {
        var data = Numbered(23).To(TestBackends.All[backend]);
        var loader = new DataLoader(data, batchSize: 5, shuffle: true, dropLast: false, new Generator(1));
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var seen = new List<int>();
            foreach (var (x, y) in loader)
            {
                Assert.Equal((y.Count, 2), (x.Rows, x.Columns));
                foreach (var (label, row) in y.ToArray().Zip(x.ToArray().Chunk(2)))
                {
                    Assert.Equal([label, -label], row);
                    seen.Add(label);
                }
            }
            Assert.NotEqual(Enumerable.Range(0, 23), seen);
            Assert.Equal(Enumerable.Range(0, 23), seen.Order());
        }
    }

    [Theory]
    [InlineData(20, 5, true, 4)]
    [InlineData(20, 5, false, 4)]
    [InlineData(23, 5, true, 4)]
    [InlineData(23, 5, false, 5)]
    [InlineData(3, 5, true, 0)]
    [InlineData(3, 5, false, 1)]
    [InlineData(0, 5, false, 0)]
    public void CountsBatches(int rows, int batch, bool dropLast, int expected)
    {
        var loader = new DataLoader(Numbered(rows), batch, shuffle: false, dropLast, new Generator(1));
        Assert.Equal(expected, loader.Count);
        Assert.Equal(expected, loader.ToList().Count);
        Assert.Equal(Enumerable.Range(0, Math.Min(rows, expected * batch)), loader.ToList().SelectMany(b => b.Labels.ToArray()));
    }

    [Fact]
    public void APassFromABatchOnIsTheRestOfTheWholePass()
    {
        var data = Numbered(23);
        var (whole, late) = (new Generator(1), new Generator(1));
        var batches = new DataLoader(data, batchSize: 5, shuffle: true, dropLast: false, whole).ToList();
        var loader = new DataLoader(data, batchSize: 5, shuffle: true, dropLast: false, late);
        using var pass = loader.From(3);
        foreach (var batch in batches.Skip(3))
        {
            Assert.True(pass.MoveNext());
            Assert.Equal(batch.Labels.ToArray(), pass.Current.Labels.ToArray());
            Assert.Equal(batch.Inputs.ToArray(), pass.Current.Inputs.ToArray());
        }
        Assert.False(pass.MoveNext());
        Assert.Equal(whole.GetState(), late.GetState());
        Assert.Throws<ArgumentOutOfRangeException>(() => loader.From(6));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void ASetsHashIsOfItsContentAndOrderWhereverItLies(string backend)
    {
        var images = Images([1, 2, 3, 4, 5, 6], [0, 1, 2]);
        string hash = new TensorDataset(images, Normalization.Unit).ContentHash;
        Assert.Equal(64, hash.Length);
        Assert.Equal(hash, new TensorDataset(images, Normalization.Unit, TestBackends.All[backend]).ContentHash);
        Assert.Equal(hash, new TensorDataset(Images([1, 2, 3, 4, 5, 6], [0, 1, 2]), Normalization.Unit).ContentHash);
        TensorDataset[] others =
        [
            new(Images([1, 2, 3, 4, 5, 7], [0, 1, 2]), Normalization.Unit),
            new(Images([1, 2, 3, 4, 5, 6], [0, 1, 3]), Normalization.Unit),
            new(images.Select([1, 0, 2]), Normalization.Unit),
            new(images.Take(2), Normalization.Unit),
            new(images, Normalization.Mnist),
        ];
        Assert.DoesNotContain(hash, others.Select(o => o.ContentHash));

        static ImageSet Images(byte[] pixels, byte[] labels) => new("", pixels, labels, rows: 1, columns: 2);
    }

    [Fact]
    public void APassDrawsWhatPyTorchsDraws()
    {
        var generator = new Generator(8);
        var reference = new Generator(8);
        var data = Numbered(40);
        _ = new DataLoader(data, batchSize: 7, shuffle: false, dropLast: false, generator).ToList();
        _ = reference.NextInt64(); // the seed for workers, drawn unshuffled too
        Assert.Equal(reference.GetState(), generator.GetState());

        int[] order = Order(new DataLoader(data, batchSize: 7, shuffle: true, dropLast: false, generator));
        _ = reference.NextInt64();
        Assert.Equal(new Generator(reference.NextInt64()).RandPerm(40), order);
        Assert.Equal(reference.GetState(), generator.GetState());

        order = Order(new DataLoader(data, batchSize: 7, shuffle: true, dropLast: false, generator, permuteWithGenerator: true));
        _ = reference.NextInt64();
        Assert.Equal(reference.RandPerm(40), order);
        Assert.Equal(reference.GetState(), generator.GetState());
    }

    [Fact]
    public void ABatchLivesUntilTheNextUnlessAllAreKept()
    {
        var loader = new DataLoader(Numbered(20), batchSize: 5, shuffle: true, dropLast: false, new Generator(1));
        Batch? previous = null;
        foreach (var batch in loader)
        {
            if (previous is { } gone)
            {
                Assert.Contains("Clone()", Assert.Throws<InvalidOperationException>(() => gone.Inputs.ToArray()).Message);
                Assert.Throws<InvalidOperationException>(() => gone.Labels.ToArray());
            }
            previous = batch;
        }
        Assert.Equal(5, previous!.Value.Labels.ToArray().Length);
        Assert.Equal(10, loader.First().Inputs.ToArray().Length);
        Assert.Equal(20, loader.ToList().SelectMany(b => b.Labels.ToArray()).Distinct().Count());
    }

    [Fact]
    public void RandomSplitTakesSlicesOfOnePermutation()
    {
        int[] order = new Generator(4).RandPerm(10);
        var parts = Numbered(10).RandomSplit(new Generator(4), 7, 0, 3);
        Assert.Equal([7, 0, 3], parts.Select(p => p.Count));
        Assert.Equal(order, parts.SelectMany(p => p.Labels.ToArray()));
        Assert.Equal(order[7..].SelectMany(k => new float[] { k, -k }), parts[2].CopyInputs().ToArray());
        Assert.Throws<ArgumentException>(() => Numbered(10).RandomSplit(new Generator(4), 7, 2));
        Assert.Throws<ArgumentException>(() => Numbered(10).RandomSplit(new Generator(4), 11, -1));
    }

    [Fact]
    public void DataSetsFromImagesAreNormalisedRows()
    {
        var images = new ImageSet("two", [0, 51, 255, 0], [3, 8], rows: 1, columns: 2);
        var data = new TensorDataset(images, Normalization.Unit);
        Assert.Equal("two", data.Name);
        Assert.Equal([0f, 0.2f, 1f, 0f], data.CopyInputs().ToArray());
        Assert.Equal([3, 8], data.Labels.ToArray());
        var chosen = data.Select([1, 0, 1]);
        Assert.Equal([8, 3, 8], chosen.Labels.ToArray());
        Assert.Equal([1f, 0f, 0f, 0.2f, 1f, 0f], chosen.CopyInputs().ToArray());
        var moved = chosen.To(NativeNN.Backends.Reference.ReferenceBackend.Instance);
        var batch = new DataLoader(moved, batchSize: 2, shuffle: false, dropLast: false, new Generator(0)).First();
        Assert.Equal([1f, 0f, 0f, 0.2f], batch.Inputs.ToArray());
    }

    [Fact]
    public void ImagesOfNoPixelsAreImages()
    {
        var data = new TensorDataset(new ImageSet("blank", [], [0, 1, 0], rows: 0, columns: 0), Normalization.Unit).Select([2, 1]);
        Assert.Equal((2, 0), data.CopyInputs().Shape);
        var batch = new DataLoader(data, batchSize: 2, shuffle: true, dropLast: false, new Generator(0)).First();
        Assert.Equal((2, 0), batch.Inputs.Shape);
    }

    [Fact]
    public void BadArgumentsAreRefused()
    {
        Assert.Throws<ShapeException>(() => new TensorDataset(Tensor.Zeros((3, 2)), Labels.From([1, 2])));
        Assert.Throws<ShapeException>(() => new TensorDataset(Tensor.Zeros(3), Labels.From([1, 2, 3])));
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(3).Select([3]));
        DataLoader Loader(int count, int batchSize) => new(Numbered(count), batchSize, shuffle: true, dropLast: false, new Generator(0));
        Assert.Throws<ArgumentException>(() => Loader(count: 3, batchSize: 0));
        Assert.Throws<ArgumentException>(() => Loader(count: 0, batchSize: 1));
    }

    private static int[] Order(DataLoader loader) => [.. loader.ToList().SelectMany(b => b.Labels.ToArray())];

    private static TensorDataset Numbered(int n) => new(
        Tensor.From([.. Enumerable.Range(0, n).SelectMany(k => new float[] { k, -k })], (n, 2)), Labels.From([.. Enumerable.Range(0, n)]));
}

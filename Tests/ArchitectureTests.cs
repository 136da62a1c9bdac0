using System.Reflection;
using System.Text.RegularExpressions;
using NativeNN.Backends;

namespace NativeNN.Tests;

/// <summary>
/// Who may know whom: Backends know no Tensor; Ops and Autograd know only the abstract Backend; Layers and Optim only Tensor and Backend;
/// Engine knows nothing that is built on it.
/// </summary>
public partial class ArchitectureTests
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Engine = typeof(Tensor).Assembly;

    // A folder of the repository, and the words its code must not contain.
    [SkippableTheory]
    [InlineData("Engine/Backends", @"\b(Tensor|Labels|Op|Module|Optimizer|GradCheck|NoGrad)\b")]
    [InlineData("Engine/Backends", @"\bNativeNN\.(Layers|Optim|Data|Init|Analysis|Checkpoints|Gpu)\b")]
    [InlineData("Engine/Ops", ConcreteBackends)]
    [InlineData("Engine/Autograd", ConcreteBackends)]
    [InlineData("Engine/Layers", ConcreteBackends)]
    [InlineData("Engine/Optim", ConcreteBackends)]
    [InlineData("Engine/Ops", @"\bNativeNN\.(Layers|Optim|Data|Init|Analysis|Checkpoints)\b")]
    [InlineData("Engine/Autograd", @"\bNativeNN\.(Layers|Optim|Data|Init|Analysis|Checkpoints)\b")]
    [InlineData("Engine/Layers", @"\bNativeNN\.(Optim|Data|Analysis|Checkpoints)\b")]
    [InlineData("Engine/Optim", @"\bNativeNN\.(Layers|Data|Init|Analysis|Checkpoints)\b")]
    [InlineData("Engine/Random", @"\b(Tensor|Backend|Storage|Module)\b")]
    [InlineData("Engine", @"\b(Cuda|OpenCL|Ilgpu|Gpu)\w*\b")]
    [InlineData("Engine.Gpu", @"\b(Tensor|Layers|Optimizer|Simd\w*)\b")]
    [InlineData("Engine", @"#region\b|\bdynamic\b|\bGC\.Collect\b")]
    public void CodeDoesNotMention(string folder, string forbidden)
    {
        var found = SourceFiles.Of(folder).SelectMany(f => Regex.Matches(f.Code, forbidden).Select(m => $"{f.Name}: {m.Value}"));
        Assert.Empty(found);
    }

    [Fact]
    public void TheSourceScanSeesCodeAndNothingElse()
    {
        const string Source = """
            // Tensor
            /// <see cref="Tensor"/>
            using System.Numerics.Tensors; /* Tensor
            Tensor */ string s = "Tensor \" Tensor", t = $"{x}Tensor";
            char c = '"'; Tensor y;
            """;
        Assert.Single(Regex.Matches(SourceFiles.WithoutCommentsAndStrings(Source), @"\bTensor\b"));
    }

    [Fact]
    public void NoSignatureOrFieldInBackendsHasATensor()
    {
        Type[] forbidden = [typeof(Tensor), typeof(Labels), typeof(Op), typeof(NativeNN.Layers.Module), typeof(NativeNN.Optim.Optimizer)];
        var types = Engine.GetTypes().Where(t => t.Namespace?.StartsWith("NativeNN.Backends", StringComparison.Ordinal) == true).ToList();
        Assert.Contains(typeof(Backend), types);
        var found = types.SelectMany(t => Mentioned(t).Where(forbidden.Contains).Select(m => $"{t}: {m}")).Distinct();
        Assert.Empty(found);
        Assert.Contains(typeof(Tensor), Mentioned(typeof(NativeNN.Layers.Linear))); // the scan can find one
    }

    [Fact]
    public void TheEngineStandsOnTheRuntimeAndTwoMathPackages()
    {
        string[] allowed = ["System.", "MathNet.Numerics", "netstandard", "mscorlib"];
        Assert.All(Engine.GetReferencedAssemblies(),
            a => Assert.Contains(allowed, prefix => a.Name!.StartsWith(prefix, StringComparison.Ordinal)));
    }

    [Fact]
    public void TheGpuEngineKnowsOfOursOnlyTheEngine()
    {
        var gpu = Assembly.Load("NativeNN.Engine.Gpu");
        Assert.All(gpu.GetReferencedAssemblies().Where(a => a.Name!.StartsWith("NativeNN", StringComparison.Ordinal)),
            a => Assert.Equal("NativeNN.Engine", a.Name));
    }

    [Fact]
    public void TypesAreNamedForWhatTheyAre() =>
        Assert.DoesNotContain(Engine.GetTypes(), t => VagueName().IsMatch(t.Name));

    private const string ConcreteBackends = @"\b(Simd|Reference|Host|Gpu|Cuda|OpenCl)\w*(Backend|Storage)\b|\bBackends\.(Simd|Reference)\b";

    [GeneratedRegex("(Helper|Manager|Util|Utils|Utility)$")]
    private static partial Regex VagueName();

    private static IEnumerable<Type> Mentioned(Type type)
    {
        var direct = type.GetFields(Everything).Select(f => f.FieldType)
            .Concat(type.GetProperties(Everything).Select(p => p.PropertyType))
            .Concat(type.GetMethods(Everything).SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType)))
            .Concat(type.GetConstructors(Everything).SelectMany(c => c.GetParameters().Select(p => p.ParameterType)))
            .Concat(type.GetInterfaces());
        return (type.BaseType is null ? direct : direct.Append(type.BaseType)).SelectMany(Parts);
    }

    // Tensor in Tensor[], ref Tensor and List<Tensor>.
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.GetGenericArguments().SelectMany(Parts).Append(type);
}

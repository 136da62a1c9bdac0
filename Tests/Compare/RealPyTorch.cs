using NativeNN.Data;
using NativeNN.Experiments.Compare;

namespace NativeNN.Tests.Compare;

/// <summary>The machine's PyTorch; without one, the test that asks is skipped and says why.</summary>
internal static class RealPyTorch
{
    private static readonly Lazy<(PythonSide? Python, string Reason)> Found = new(() =>
    {
        try
        {
            return (PythonSide.Find(executable: null), "");
        }
        catch (BadInputException e)
        {
            return (null, e.Message);
        }
    });

    public static PythonSide Find()
    {
        Skip.If(Found.Value.Python is null, Found.Value.Reason);
        return Found.Value.Python!;
    }
}

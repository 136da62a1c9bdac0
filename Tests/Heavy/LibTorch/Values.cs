using TorchSharp;

namespace NativeNN.Tests.LibTorch;

/// <summary>The same numbers on both sides.</summary>
internal static class Values
{
    /// <summary>LibTorch's tensor of that shape.</summary>
    public static torch.Tensor ToTorch(this float[] values, Shape shape) =>
        torch.tensor(values, dtype: torch.float32).reshape(shape.ToTorch());

    public static torch.Tensor ToTorch(this Tensor tensor) => tensor.ToArray().ToTorch(tensor.Shape);

    public static long[] ToTorch(this Shape shape) => [.. shape.ToArray().Select(size => (long)size)];

    /// <summary>All values, row by row.</summary>
    public static float[] ToArray(this torch.Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    /// <summary>A leaf that asks for its gradient.</summary>
    public static torch.Tensor WithGrad(this torch.Tensor tensor) => tensor.requires_grad_(true);
}

using TorchSharp;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>What moves and chooses elements without computing.</summary>
internal static class MovementCounterparts
{
    private static readonly Agreement Chosen = Agreement.BitsButForTheSignOfZero;

    public static Dictionary<string, Counterpart> All { get; } = new()
    {
        ["Identity"] = new(t => t[0].alias()),
        ["Transpose"] = new(t => t[0].t()),
        ["Transpose plus itself"] = new(t => t[0].t() + t[0]),
        ["Reshape"] = new(t => t[0].reshape(3, 10)) { FixedSizes = [5, 6] },
        ["Flatten"] = new(t => t[0].flatten()),
        ["Cat"] = new(t => torch.cat(t)),
        ["Cat of columns"] = new(t => torch.cat(t, 1)),
        ["Cat of vectors"] = new(t => torch.cat(t)),
        ["Cat with itself"] = new(t => torch.cat([t[0], t[0]])),
        ["Slice of rows"] = new(t => t[0].narrow(0, 2, 3)) { OnlyGrows = true },
        ["Slice of columns"] = new(t => t[0].narrow(1, 3, t[0].shape[1] - 5)) { OnlyGrows = true },
        ["Slice of a block"] = new(t => t[0].narrow(0, 1, 3).narrow(1, 0, 3)) { OnlyGrows = true },
        ["Slice of a vector"] = new(t => t[0].narrow(0, t[0].shape[0] - 5, 5)) { OnlyGrows = true },
        ["Slice twice"] = new(t => t[0].narrow(0, 0, 4) * t[0].narrow(0, 1, 4)) { FixedSizes = [5] },
        ["Where"] = new(t => torch.where(torch.tensor([true, false, true]), t[0], t[1])) { FixedSizes = [3], Value = Chosen },
        ["Where, a row or a number"] = new(t => torch.where(torch.arange(4).reshape(4, 1) > 1, t[0] + t[1], t[2]))
        {
            FixedSizes = [4],
            Value = Chosen,
            Gradient = new("the gradient of what was repeated is a sum, added in another order", Absolute: 1e-6, OfLargest: 1e-6),
        },
    };
}

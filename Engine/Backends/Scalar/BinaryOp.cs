namespace NativeNN.Backends;

/// <summary>The elementwise operations of two operands.</summary>
public enum BinaryOp
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a − b.</summary>
    Sub,

    /// <summary>a · b.</summary>
    Mul,

    /// <summary>a / b.</summary>
    Div,
}

/// <summary>y = a ∘ b of every BinaryOp, one number at a time.</summary>
internal static class ScalarBinary
{
    /// <summary>a ∘ b; NaN for an operation that has no line here.</summary>
    public static float Value(BinaryOp op, float a, float b) => op switch
    {
        BinaryOp.Add => a + b,
        BinaryOp.Sub => a - b,
        BinaryOp.Mul => a * b,
        BinaryOp.Div => a / b,
        _ => float.NaN,
    };
}

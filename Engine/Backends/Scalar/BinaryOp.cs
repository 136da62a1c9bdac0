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

    /// <summary>1 where a = b or both are NaN, else 0.</summary>
    Equal,

    /// <summary>1 where a &gt; b, else 0.</summary>
    Greater,

    /// <summary>a where b is not 0, else 0: whatever a is there, NaN included.</summary>
    Where,

    /// <summary>a where b is 0, else 0.</summary>
    Unless,
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
        BinaryOp.Equal => a == b || (float.IsNaN(a) && float.IsNaN(b)) ? 1f : 0f,
        BinaryOp.Greater => a > b ? 1f : 0f,
        BinaryOp.Where => b == 0 ? 0f : a,
        BinaryOp.Unless => b == 0 ? a : 0f,
        _ => float.NaN,
    };
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NativeNN.Random;

// The same transform on eight pairs at a time: each function has the steps of its scalar namesake.
internal static partial class NormalBlocks
{
    // Without it every fused step is a library call, and calls go better one by one.
    private static bool FusesInHardware => Fma.IsSupported || AdvSimd.IsSupported;

    //  Lane j holds the pair (d[j], d[j+8]): a block is two vectors and there is no tail. Equals TransformScalar bit for
    //  bit; where the processor is narrower than 256 bits the runtime splits each operation, which changes no rounding.
    //  Optimised at its first call: a network's weights are drawn once, before the runtime would notice the method is hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void TransformVector(Span<float> values, float mean, float std)
    {
        var scale = Vector256.Create(std);
        var shift = Vector256.Create(mean);
        ref float d = ref MemoryMarshal.GetReference(values);
        for (nuint at = 0; at + Size <= (nuint)values.Length; at += Size)
        {
            var r = Vector256.Sqrt(Vector256.Create(-2f) * Log(Vector256<float>.One - Vector256.LoadUnsafe(ref d, at)));
            var (sin, cos) = SinCos(Vector256.Create(MathF.Tau) * Vector256.LoadUnsafe(ref d, at + Half));
            Vector256.FusedMultiplyAdd(r * cos, scale, shift).StoreUnsafe(ref d, at);
            Vector256.FusedMultiplyAdd(r * sin, scale, shift).StoreUnsafe(ref d, at + Half);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Log(Vector256<float> x)
    {
        var bits = x.AsInt32();
        var e = Vector256.ConvertToSingle((bits >> 23) - Vector256.Create(126));
        x = ((bits & Vector256.Create(0x007fffff)) | Vector256.Create(0x3f000000)).AsSingle();
        var small = Vector256.LessThan(x, Vector256.Create(SqrtHalf));
        e -= small & Vector256<float>.One;
        x = x - Vector256<float>.One + (small & x);
        var z = x * x;
        var y = Vector256.Create(LogCoefficients[0]);
        foreach (float c in LogCoefficients.AsSpan(1))
            y = Vector256.FusedMultiplyAdd(y, x, Vector256.Create(c));
        y *= x;
        y = Vector256.FusedMultiplyAdd(y, z, e * Vector256.Create(Ln2Low));
        y = Vector256.FusedMultiplyAdd(-z, Vector256.Create(0.5f), y);
        return Vector256.FusedMultiplyAdd(e, Vector256.Create(Ln2High), x + y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Sin, Vector256<float> Cos) SinCos(Vector256<float> x)
    {
        var j = Vector256.ConvertToInt32(x * Vector256.Create(FourOverPi));
        j = (j + Vector256<int>.One) & Vector256.Create(~1);
        var y = Vector256.ConvertToSingle(j);
        x = Vector256.FusedMultiplyAdd(y, Vector256.Create(PiPart1), x);
        x = Vector256.FusedMultiplyAdd(y, Vector256.Create(PiPart2), x);
        x = Vector256.FusedMultiplyAdd(y, Vector256.Create(PiPart3), x);
        var z = x * x;
        var p = Vector256.FusedMultiplyAdd(Vector256.Create(Cos0), z, Vector256.Create(Cos1));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(Cos2)) * z;
        p = Vector256.FusedMultiplyAdd(p, z, -(z * Vector256.Create(0.5f))) + Vector256<float>.One;
        var q = Vector256.FusedMultiplyAdd(Vector256.Create(Sin0), z, Vector256.Create(Sin1));
        q = Vector256.FusedMultiplyAdd(q, z, Vector256.Create(Sin2)) * z;
        q = Vector256.FusedMultiplyAdd(q, x, x);
        // Bit 2 of the octant, moved to bit 31, is the sign to flip.
        var sinSign = ((j & Vector256.Create(4)) << 29).AsSingle();
        var cosSign = ((~(j - Vector256.Create(2)) & Vector256.Create(4)) << 29).AsSingle();
        var straight = Vector256.Equals(j & Vector256.Create(2), Vector256<int>.Zero).AsSingle();
        return (Vector256.ConditionalSelect(straight, q, p) ^ sinSign, Vector256.ConditionalSelect(straight, p, q) ^ cosSign);
    }
}

using System.Runtime.InteropServices;

namespace NativeNN.Gpu.Kernels;

/// <summary>Four neighbouring floats that travel as one 16-byte load or store: a view of floats, cast to a view of these.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct Float4(float x, float y, float z, float w)
{
    public float X = x, Y = y, Z = z, W = w;

    public static Float4 operator +(Float4 a, Float4 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.W + b.W);

    public static Float4 operator *(float factor, Float4 a) => new(factor * a.X, factor * a.Y, factor * a.Z, factor * a.W);
}

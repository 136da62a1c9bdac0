namespace NativeNN.Gpu.Runtime;

/// <summary>
/// A device as its driver describes it. Memory in bytes; PeakGflops: float32 multiply–adds counted as two, null where not known.
/// </summary>
public sealed record GpuDevice(
    string Name, string Description, string Driver, long Memory, int ComputeUnits, bool IsCpu, double? PeakGflops, double? PeakTf32Gflops)
{
    /// <summary>One line: "opencl:0  Vega 56, 8.0 GiB, 56 compute units, driver 3004.8".</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Name}  {Description}, {Memory / (double)(1 << 30):F1} GiB, {ComputeUnits} compute units, {Driver}");
}

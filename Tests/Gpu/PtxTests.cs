using System.Diagnostics;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using NativeNN.Gpu.Cuda;
using NativeNN.Gpu.Kernels;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Tests.Gpu;

/// <summary>
/// What NVIDIA's GPUs are given, compiled here without a driver: ILGPU's PTX of every kernel, and version 5's, which comes from clang.
/// Where ptxas is (PTXAS names it, or it is on the path), it says how many registers each takes.
/// </summary>
public sealed partial class PtxTests
{
    // GemmCpu is for OpenCL devices that are CPUs: CUDA never meets it.
    public static TheoryData<string> Kernels =>
        [.. KernelMethods.All.Keys.Where(name => !name.StartsWith("GemmCpu", StringComparison.Ordinal))];

    private static readonly Lazy<Context> Ilgpu = new(GpuContext.Create);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Has_no_miscompiled_one_and_keeps_its_values_in_registers(string kernel)
    {
        string ptx = Compile(kernel, CudaArchitecture.SM_80, CudaInstructionSet.ISA_70);
        // ILGPU 1.5.3 adds the int 1 to a float as its bits, 1.4e-45: sum += condition ? 1 : 0.
        Assert.DoesNotContain("0f00000001", ptx);
        Assert.DoesNotContain(".local", ptx);
    }

    [Theory]
    [InlineData("Gemm3Registers")]
    [InlineData("Gemm4WarpTiled")]
    public void Versions_3_and_4_move_16_bytes_at_a_time(string version)
    {
        foreach (string kernel in KernelMethods.All.Keys.Where(name => name.StartsWith(version, StringComparison.Ordinal)))
        {
            string ptx = Compile(kernel, CudaArchitecture.SM_80, CudaInstructionSet.ISA_70);
            foreach (string access in new[] { "ld.global.v4.f32", "ld.shared.v4.f32", "st.global.v4.f32" })
                Assert.Contains(access, ptx);
        }
    }

    [Fact]
    public void The_engine_s_multiply_add_is_one_instruction() =>
        Assert.Contains("fma.rn.f32", Compile("Elementwise.Activate", CudaArchitecture.SM_80, CudaInstructionSet.ISA_70));

    [Fact]
    public void The_miscompilation_is_real() => // when ILGPU has mended it, this test says so, and the rule in Kernels can go
        Assert.Contains("0f00000001", Compile(((Action<ArrayView<float>, ArrayView<float>, int>)CountsWithInts).Method,
            CudaArchitecture.SM_80, CudaInstructionSet.ISA_70));

    [SkippableTheory]
    [InlineData("Gemm1Naive", 40)]
    [InlineData("Gemm2Tiled", 40)]
    [InlineData("Gemm3Registers", 64)]
    [InlineData("Gemm4WarpTiled", 128)]
    [InlineData("GemmSmall", 64)]
    public void Fits_its_registers(string version, int most)
    {
        foreach (string kernel in KernelMethods.All.Keys.Where(name => name.StartsWith(version, StringComparison.Ordinal)))
            foreach (var architecture in new[] { CudaArchitecture.SM_80, CudaArchitecture.SM_90 })
            {
                string log = Assembled(Compile(kernel, architecture, CudaInstructionSet.ISA_78), architecture);
                Assert.InRange(int.Parse(RegistersUsed().Match(log).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), 1,
                    most);
                Assert.DoesNotMatch("[1-9][0-9]* bytes spill", log);
            }
    }

    [SkippableFact]
    public void Version_5_does_not_spill() =>
        Assert.DoesNotMatch("[1-9][0-9]* bytes spill", Assembled(PtxModule.Gemm5(), CudaArchitecture.SM_80));

    [SkippableFact]
    public void Version_5_is_built_from_its_source()
    {
        string folder = Path.Combine(SourceFiles.Root(), "Engine.Gpu", "Cuda");
        Skip.IfNot(Directory.Exists(folder), "the source is not beside the tests");
        Assert.StartsWith($"// NativeNN {Run("sh", folder, "build-ptx.sh", "--hash")}", PtxModule.Gemm5());
    }

    /// <summary>The loop that ILGPU 1.5.3 gets wrong.</summary>
    internal static void CountsWithInts(ArrayView<float> x, ArrayView<float> y, int count)
    {
        float sum = 0;
        for (int i = 0; i < count; i++)
            sum += x[i] > 0 ? 1 : 0;
        y[0] = sum;
    }

    private static string Compile(string kernel, CudaArchitecture architecture, CudaInstructionSet instructions) =>
        Compile(KernelMethods.All[kernel], architecture, instructions);

    private static string Compile(System.Reflection.MethodInfo kernel, CudaArchitecture architecture, CudaInstructionSet instructions)
    {
        using var backend = new PTXBackend(Ilgpu.Value, new CudaCapabilityContext(architecture), architecture, instructions, nvvmAPI: null);
        var compiled = backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel),
            new KernelSpecialization(ThreadGrid.PerGroup, 2));
        return ((PTXCompiledKernel)compiled).PTXAssembly;
    }

    // What ptxas -v says.
    private static string Assembled(string ptx, CudaArchitecture architecture)
    {
        string ptxas = Environment.GetEnvironmentVariable("PTXAS") ?? "ptxas";
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, ptx);
            string? log = Run(ptxas, ".", "-v", $"-arch=sm_{architecture.Major}{architecture.Minor}", file, "-o", "/dev/null");
            Skip.If(log is null, "needs NVIDIA's ptxas: set PTXAS");
            return log;
        }
        finally
        {
            File.Delete(file);
        }
    }

    // Both outputs; null if there is no such program.
    private static string? Run(string program, string folder, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd() + errors.Result;
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, output);
            return output.Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex("Used ([0-9]+) registers")]
    private static partial Regex RegistersUsed();
}

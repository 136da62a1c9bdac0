namespace NativeNN.Random;

/// <summary>How a <see cref="Generator"/> draws dropout masks; PyTorch's builds differ here and nowhere else.</summary>
public enum DropoutKernel
{
    /// <summary>
    /// One 53-bit uniform (two words) per element: PyTorch 2.7 and later everywhere, older builds without MKL, AMD processors.
    /// </summary>
    Default,

    /// <summary>
    /// One word per tensor, which seeds Intel MKL's MCG31 stream: the x86 wheels up to PyTorch 2.6 on Intel processors.
    /// </summary>
    Mkl,

    /// <summary>
    /// The device stream: two words per tensor, which become the key of <see cref="Philox"/>. A GPU draws it itself, with the same bits as
    /// the CPU; PyTorch's own GPU stream is another one.
    /// </summary>
    Philox,
}

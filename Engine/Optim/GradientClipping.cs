using NativeNN.Backends;

namespace NativeNN.Optim;

/// <summary>
/// Bounds gradients in place, between Backward() and Step(): <c>net.Parameters().ClipGradNorm(1)</c>. Parameters without one are left out.
/// </summary>
public static class GradientClipping
{
    private const double Epsilon = 1e-6; // PyTorch's, against division by 0

    /// <summary>
    /// Scales all gradients by min(1, maxNorm/(n + 1e-6)), n = √Σ g² over all of them; returns n, PyTorch's clip_grad_norm_. Pascanu et al.
    /// 2013.
    /// </summary>
    public static float ClipGradNorm(this IEnumerable<Tensor> parameters, double maxNorm)
    {
        Optimizer.AtLeastZero(maxNorm, nameof(maxNorm));
        Tensor[] gradients = [.. parameters.Select(p => p.Grad).OfType<Tensor>()];
        float norm = (float)Math.Sqrt(gradients.Sum(g => Math.Pow(g.Norm().Item(), 2)));
        float factor = (float)Math.Min(1, maxNorm / (norm + Epsilon));
        if (factor != 1) // a NaN, too: it must reach the weights, not be hidden
            foreach (var g in gradients)
            {
                g.Backend.Scale(g.Storage, Strides.Dense(g.Columns), factor, g.Storage, g.Rows, g.Columns);
                g.MarkChanged();
            }
        return norm;
    }

    /// <summary>Every element of every gradient into [−limit, limit], PyTorch's clip_grad_value_.</summary>
    public static void ClipGradValue(this IEnumerable<Tensor> parameters, double limit)
    {
        Optimizer.AtLeastZero(limit, nameof(limit));
        foreach (var g in parameters.Select(p => p.Grad).OfType<Tensor>())
        {
            g.Backend.Activate(Activation.ClampMin, g.Storage, g.Storage, g.Length, (float)-limit);
            g.Backend.Activate(Activation.ClampMax, g.Storage, g.Storage, g.Length, (float)limit);
            g.MarkChanged();
        }
    }
}

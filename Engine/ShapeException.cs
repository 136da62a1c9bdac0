namespace NativeNN;

/// <summary>An operation got tensors whose shapes don't fit it; the message names the operation and both shapes.</summary>
public sealed class ShapeException(string message) : ArgumentException(message);

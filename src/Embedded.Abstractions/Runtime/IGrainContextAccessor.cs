namespace Orleans.Runtime;

/// <summary>Gives services that a grain uses the activation that is running.</summary>
public interface IGrainContextAccessor
{
    /// <summary>The activation whose turn is running on this thread; null outside of grains.</summary>
    IGrainContext GrainContext { get; }
}

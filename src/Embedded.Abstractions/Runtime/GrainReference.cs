using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>A reference to a grain. Generated classes derive from it and implement the grain's interface.</summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private protected GrainReference(GrainId grainId) => GrainId = grainId;

    /// <summary>The grain referred to.</summary>
    public GrainId GrainId { get; }

    /// <summary>A reference to the same grain as another of its interfaces.</summary>
    internal abstract object Cast(Type interfaceType);

    /// <summary>Whether both refer to the same grain.</summary>
    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => $"GrainReference:{GrainId}";
}

using Orleans.Runtime;

namespace Orleans;

/// <summary>Identity and references of a grain or of a reference to one.</summary>
public static class GrainExtensions
{
    /// <summary>The reference to a grain as one of its interfaces; a grain hands out this, never itself.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <typeparam name="TGrainInterface">An interface of the grain.</typeparam>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return (TGrainInterface)Reference(grain).Cast(typeof(TGrainInterface));
    }

    /// <summary>The same grain as another of its interfaces.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <typeparam name="TGrainInterface">An interface of the grain.</typeparam>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();

    /// <summary>The grain's identity.</summary>
    /// <param name="grain">A grain or a reference.</param>
    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference.GrainId,
        IGrainBase instance when instance.GrainContext is { } context => context.GrainId,
        _ => throw NotAGrain(grain),
    };

    /// <summary>The grain's key as text.</summary>
    /// <param name="grain">A grain or a reference.</param>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    /// <summary>The grain's integer key.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <exception cref="InvalidOperationException">The key is not an integer.</exception>
    public static long GetPrimaryKeyLong(this IAddressable grain) => grain.GetPrimaryKeyLong(out _);

    /// <summary>The grain's integer key and its extension.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <param name="keyExt">The extension, or null.</param>
    /// <exception cref="InvalidOperationException">The key is not an integer.</exception>
    public static long GetPrimaryKeyLong(this IAddressable grain, out string? keyExt)
    {
        var id = grain.GetGrainId();
        return id.TryGetIntegerKey(out var key, out keyExt)
            ? key
            : throw new InvalidOperationException($"The key of grain '{id}' is not an integer.");
    }

    /// <summary>The grain's GUID key.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <exception cref="InvalidOperationException">The key is not a GUID.</exception>
    public static Guid GetPrimaryKey(this IAddressable grain) => grain.GetPrimaryKey(out _);

    /// <summary>The grain's GUID key and its extension.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <param name="keyExt">The extension, or null.</param>
    /// <exception cref="InvalidOperationException">The key is not a GUID.</exception>
    public static Guid GetPrimaryKey(this IAddressable grain, out string? keyExt)
    {
        var id = grain.GetGrainId();
        return id.TryGetGuidKey(out var key, out keyExt)
            ? key
            : throw new InvalidOperationException($"The key of grain '{id}' is not a GUID.");
    }

    private static GrainReference Reference(IAddressable grain) => grain switch
    {
        GrainReference reference => reference,
        IGrainBase instance when instance.GrainContext is { } context => context.GrainReference,
        _ => throw NotAGrain(grain),
    };

    private static ArgumentException NotAGrain(IAddressable grain) => new(
        $"{grain.GetType()} is neither a grain that the engine activated nor a reference to one. Get a reference from an {nameof(IGrainFactory)}.",
        nameof(grain));
}

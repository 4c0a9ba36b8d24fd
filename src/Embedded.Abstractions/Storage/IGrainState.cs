namespace Orleans;

/// <summary>A record between a grain and its storage.</summary>
/// <typeparam name="T">The record's type.</typeparam>
public interface IGrainState<T>
{
    /// <summary>The record; storage may leave null where none exists.</summary>
    T? State { get; set; }

    /// <summary>Names the version; null when there is none.</summary>
    string? ETag { get; set; }

    /// <summary>Whether the record exists in storage.</summary>
    bool RecordExists { get; set; }
}

/// <summary>A record between a grain and its storage.</summary>
/// <typeparam name="T">The record's type.</typeparam>
public sealed class GrainState<T> : IGrainState<T>
{
    /// <summary>No record.</summary>
    public GrainState() { }

    /// <summary>A record without a version.</summary>
    /// <param name="state">The record.</param>
    public GrainState(T? state) : this(state, null) { }

    /// <summary>A record of a version.</summary>
    /// <param name="state">The record.</param>
    /// <param name="eTag">The version.</param>
    public GrainState(T? state, string? eTag)
    {
        State = state;
        ETag = eTag;
    }

    /// <inheritdoc/>
    public T? State { get; set; }

    /// <inheritdoc/>
    public string? ETag { get; set; }

    /// <inheritdoc/>
    public bool RecordExists { get; set; }
}

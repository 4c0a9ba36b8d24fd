using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A record has changed in storage since the grain read it. A call that ends with it ends the activation too: the next one reads the truth.</summary>
public class InconsistentStateException : OrleansException
{
    /// <summary>A conflict without details.</summary>
    public InconsistentStateException() { }

    /// <summary>A conflict.</summary>
    /// <param name="message">Which record and what happened.</param>
    public InconsistentStateException(string message) : base(message) { }

    /// <summary>A conflict with a cause.</summary>
    /// <param name="message">Which record and what happened.</param>
    /// <param name="innerException">The cause.</param>
    public InconsistentStateException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>A conflict between two versions.</summary>
    /// <param name="errorMsg">Which record and what happened.</param>
    /// <param name="storedEtag">The version in storage.</param>
    /// <param name="currentEtag">The version that the grain had.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null) { }

    /// <summary>A conflict between two versions with a cause.</summary>
    /// <param name="errorMsg">Which record and what happened.</param>
    /// <param name="storedEtag">The version in storage.</param>
    /// <param name="currentEtag">The version that the grain had.</param>
    /// <param name="storageException">The cause.</param>
    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The version in storage.</summary>
    public string? StoredEtag { get; }

    /// <summary>The version that the grain had.</summary>
    public string? CurrentEtag { get; }

    /// <summary>Whether the call that threw it is still the one it passes through; callers further up are not to blame.</summary>
    internal bool IsSourceActivation { get; set; } = true;
}

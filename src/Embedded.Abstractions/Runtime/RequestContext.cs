using System.Collections.Immutable;

namespace Orleans.Runtime;

/// <summary>
/// Values that travel with calls: what a caller sets, the grains it calls see, and those they call.
/// What a callee sets does not come back.
/// </summary>
public static class RequestContext
{
    private const string ReentrancyKey = "#CCR";
    private static readonly AsyncLocal<ImmutableDictionary<string, object>?> s_values = new();

    /// <summary>Whose re-entry the calls from here may be; empty when no section of <see cref="AllowCallChainReentrancy"/> is open.</summary>
    public static Guid ReentrancyId
    {
        get => ReentrancyIn(Values);
        set
        {
            if (value == Guid.Empty)
                Remove(ReentrancyKey);
            else
                Set(ReentrancyKey, value);
        }
    }

    /// <summary>The names that are set.</summary>
    public static IEnumerable<string> Keys => Values?.Keys ?? [];

    /// <summary>All names and values.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries => Values ?? Enumerable.Empty<KeyValuePair<string, object>>();

    /// <summary>All values, as they travel; null when there are none.</summary>
    internal static ImmutableDictionary<string, object>? Values
    {
        get => s_values.Value;
        set => s_values.Value = value;
    }

    /// <summary>The value of a name, or null.</summary>
    /// <param name="key">The name.</param>
    public static object? Get(string key) => Values is { } values && values.TryGetValue(key, out var value) ? value : null;

    /// <summary>Sets a value for the calls made from here.</summary>
    /// <param name="key">The name.</param>
    /// <param name="value">A value that can travel: of a wire type or a simple one.</param>
    public static void Set(string key, object value) =>
        Values = (Values ?? ImmutableDictionary<string, object>.Empty).SetItem(key, value);

    /// <summary>Removes a value.</summary>
    /// <param name="key">The name.</param>
    /// <returns>Whether it was set.</returns>
    public static bool Remove(string key)
    {
        if (Values is not { } values || !values.ContainsKey(key))
            return false;
        var rest = values.Remove(key);
        Values = rest.IsEmpty ? null : rest;
        return true;
    }

    /// <summary>Removes all values.</summary>
    public static void Clear()
    {
        if (Values is not null)
            Values = null;
    }

    /// <summary>Until the section is disposed, calls that come back to this grain along the chain started here may interleave.</summary>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var current = ReentrancyId;
        return new ReentrancySection(current, current == Guid.Empty ? Guid.NewGuid() : current);
    }

    /// <summary>Until the section is disposed, calls made from here may not re-enter grains of the chain.</summary>
    public static ReentrancySection SuppressCallChainReentrancy() => new(ReentrancyId, Guid.Empty);

    internal static Guid ReentrancyIn(ImmutableDictionary<string, object>? values) =>
        values is not null && values.TryGetValue(ReentrancyKey, out var value) && value is Guid id ? id : Guid.Empty;

    /// <summary>A stretch of code in which re-entry is allowed or suppressed.</summary>
    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Guid _before;
        private readonly Guid _within;

        /// <summary>Opens a section.</summary>
        /// <param name="originalReentrancyId">What to restore at the end.</param>
        /// <param name="newReentrancyId">What holds within; empty suppresses re-entry.</param>
        public ReentrancySection(Guid originalReentrancyId, Guid newReentrancyId)
        {
            _before = originalReentrancyId;
            _within = newReentrancyId;
            if (_within != _before)
                ReentrancyId = _within;
            if (_within != Guid.Empty)
                (RuntimeContext.Current as IActivation)?.EnterReentrantSection(_within);
        }

        /// <summary>Closes the section.</summary>
        public void Dispose()
        {
            if (_within != Guid.Empty)
                (RuntimeContext.Current as IActivation)?.ExitReentrantSection(_within);
            if (_within != _before)
                ReentrancyId = _before;
        }
    }
}

namespace OrleansCluster.Tenancy;

/// <summary>
/// Keeps calls within a tenant: what a grain does for one tenant reaches no grain of another, whatever it was asked. The first grain that is called says whose
/// call it is, unless the caller has said so; keys say whose a grain is (<see cref="GrainKeys"/>).
/// </summary>
public sealed class TenantBoundary : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.TargetId.IsSystemTarget() && TenantOf(context.TargetId) is { } tenant)
        {
            if (RequestContext.Get(GrainKeys.CallContext) is not string caller)
                RequestContext.Set(GrainKeys.CallContext, tenant);
            else if (caller != tenant)
                throw new ClusteringException("What was asked for belongs to another tenant.");
        }

        return context.Invoke();
    }

    /// <summary>Whose a grain is; null: nobody's or everybody's, as those of the cluster itself are.</summary>
    internal static string? TenantOf(GrainId grain)
    {
        ReadOnlySpan<byte> key = grain.Key.AsSpan();
        int end = key.IndexOf((byte)'/');
        return end > 0 && key[0] != (byte)'_' ? Names.Of(key[..end]) : null;
    }

    /// <summary>Names that were seen, so that a call makes none.</summary>
    private static class Names
    {
        private const int Most = 4096;

        private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Lookup =
            Known.GetAlternateLookup<ReadOnlySpan<char>>();

        public static string Of(ReadOnlySpan<byte> name)
        {
            // No name has more characters than bytes.
            Span<char> text = stackalloc char[4 * GrainKeys.MaximumNameLength];
            if (name.Length > text.Length)
                return System.Text.Encoding.UTF8.GetString(name);
            int length = System.Text.Encoding.UTF8.GetChars(name, text);
            if (Lookup.TryGetValue(text[..length], out string? known))
                return known;
            string made = text[..length].ToString();
            if (Known.Count < Most)
                Known.TryAdd(made, made);
            return made;
        }
    }
}

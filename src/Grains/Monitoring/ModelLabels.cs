using System.Collections.Concurrent;
using System.Globalization;

namespace OrleansCluster.Monitoring;

/// <summary>
/// The labels of models and their versions, made once. There is a bound of how many a process tells apart, because each is a series that whoever collects
/// keeps for as long as the process runs: those that come later are <see cref="Other"/>. Thread-safe.
/// </summary>
/// <param name="most">Models and versions that are told apart.</param>
internal sealed class ModelLabels(int most)
{
    /// <summary>What is beyond the bound.</summary>
    public const string Other = "other";

    private static readonly KeyValuePair<string, object?>[] OtherModel = Make(Other, Other, ""), OtherVersion = Make(Other, Other, Other);

    private readonly ConcurrentDictionary<(string Tenant, string Model, int Version), KeyValuePair<string, object?>[]> _known = new();
    private int _count;

    /// <summary>Labels of a model, where there is no version yet, or of a version. Every model and version has one array.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="model">Its name.</param>
    /// <param name="version">Number of the version; 0: the model.</param>
    public KeyValuePair<string, object?>[] Of(string tenant, string model, int version = 0)
    {
        if (_known.TryGetValue((tenant, model, version), out KeyValuePair<string, object?>[]? known))
            return known;
        if (Volatile.Read(ref _count) >= most)
            return version == 0 ? OtherModel : OtherVersion;
        KeyValuePair<string, object?>[] made = Make(tenant, model, version == 0 ? "" : version.ToString(CultureInfo.InvariantCulture));
        if (!_known.TryAdd((tenant, model, version), made))
            return _known[(tenant, model, version)];
        Interlocked.Increment(ref _count);
        return made;
    }

    /// <summary>Labels of a model of which something is known already: a name that somebody asked for may be any.</summary>
    public KeyValuePair<string, object?>[] Known(string tenant, string model) => _known.GetValueOrDefault((tenant, model, 0), OtherModel);

    private static KeyValuePair<string, object?>[] Make(string tenant, string model, string version)
    {
        KeyValuePair<string, object?>[] labels = [new("tenant", tenant), new("model", model)];
        return version.Length == 0 ? labels : [.. labels, new("model_version", version)];
    }
}

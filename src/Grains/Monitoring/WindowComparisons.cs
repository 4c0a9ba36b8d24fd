using System.Text.Json;
using OrleansCluster.Contracts.Api;

namespace OrleansCluster.Monitoring;

/// <summary>Windows beside the rows that their versions were trained on. One that has not changed is not compared again.</summary>
internal sealed class WindowComparisons
{
    /// <summary>Comparisons that are remembered: each is some kilobytes.</summary>
    private const int Most = 256;

    private readonly Dictionary<(string Counts, DriftThresholds Thresholds), DriftDocument> _known = [];

    /// <summary>How far a window is from the training rows.</summary>
    /// <exception cref="ClusteringException">They cannot be compared.</exception>
    public async Task<DriftDocument> Compare(IObserverGrain observer, ObservedWindow window, DriftThresholds thresholds, CancellationToken cancellation)
    {
        if (_known.TryGetValue((window.Counts, thresholds), out DriftDocument? known))
            return known;
        var query = new DriftQuery { Version = window.Version, Window = window.Name, Thresholds = thresholds };
        DriftReport report = await observer.Compare(query, cancellation);
        if (_known.Count >= Most)
            _known.Clear();
        DriftDocument document = JsonSerializer.Deserialize(report.Document.Span, ApiJson.Default.DriftDocument)!;
        // Clusters × columns: nobody asks for them here.
        foreach (ClusterShiftDocument shift in document.ClusterShifts)
            shift.Shifts = [];
        return _known[(window.Counts, thresholds)] = document;
    }
}

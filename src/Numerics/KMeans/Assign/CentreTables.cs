using OrleansCluster.Numerics.Distances;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// What the centres of a step are made into for the kernels: each part once, by whichever shard needs it first, and nobody changes it while anybody
/// uses it. Thread-safe.
/// </summary>
internal sealed class CentreTables
{
    private readonly Lock _gate = new();
    private readonly CentroidTable _scores = new();
    private readonly CodeTable _codes = new();
    private double[] _moved = [];
    private bool _measured;
    private bool _scored;
    private bool _coded;

    /// <summary>Parts that are still those of <see cref="From"/>: what moved since is all that changes.</summary>
    private (bool Scores, bool Codes) _kept;

    /// <summary>k × d.</summary>
    public double[] Centroids { get; private set; } = [];

    public int K { get; private set; }

    /// <summary>The centres that these came from; null: from none that is known.</summary>
    public double[]? From { get; private set; }

    /// <summary>How many use them. Whoever keeps the tables counts.</summary>
    public int Users { get; set; }

    /// <summary>Takes other centres. Not while anybody uses them.</summary>
    public void Begin(double[] centroids, int k, double[]? from)
    {
        bool follow = from is not null && ReferenceEquals(Centroids, from);
        _kept = (follow && _scored, follow && _coded);
        (Centroids, K, From) = (centroids, k, from);
        _measured = _scored = _coded = false;
    }

    /// <summary>How far each centre is from where it was in <see cref="From"/>, which is known.</summary>
    public ReadOnlyMemory<double> Moved(TileFrame frame)
    {
        lock (_gate)
        {
            if (!_measured)
            {
                if (_moved.Length < K)
                    _moved = new double[K];
                Travel.Measure(From, Centroids, frame.ScaleExponent, _moved.AsSpan(0, K));
                _measured = true;
            }

            return _moved.AsMemory(0, K);
        }
    }

    /// <summary>For the scores of all centres.</summary>
    /// <param name="frame">Of the rows of all who share them.</param>
    /// <param name="earlier">Tables in use that may be those of <see cref="From"/>.</param>
    public CentroidTable Scores(TileFrame frame, CentreTables? earlier)
    {
        ReadOnlyMemory<double> moved = From is null ? default : Moved(frame);
        lock (_gate)
        {
            if (!_scored)
                _scores.Set(Centroids, K, frame.Origins, frame.ScaleExponent, ScoresBefore(earlier), moved.Span);
            _scored = true;
            return _scores;
        }
    }

    /// <summary>For screening: those that moved since <see cref="From"/> first.</summary>
    /// <param name="frame">Of the rows of all who share them.</param>
    /// <param name="earlier">Tables in use that may be those of <see cref="From"/>.</param>
    /// <param name="kernel">Rounds centres as it rounds rows.</param>
    public CodeTable Codes(TileFrame frame, CentreTables? earlier, CodeKernel kernel)
    {
        ReadOnlyMemory<double> moved = From is null ? default : Moved(frame);
        lock (_gate)
        {
            if (!_coded)
                _codes.Set(Centroids, K, frame, moved.Span, kernel, CodesBefore(earlier));
            _coded = true;
            return _codes;
        }
    }

    private CentroidTable? ScoresBefore(CentreTables? earlier) => _kept.Scores ? _scores : Follows(earlier) && earlier!._scored ? earlier._scores : null;

    private CodeTable? CodesBefore(CentreTables? earlier) => _kept.Codes ? _codes : Follows(earlier) && earlier!._coded ? earlier._codes : null;

    private bool Follows(CentreTables? earlier) => From is not null && earlier != this && ReferenceEquals(earlier?.Centroids, From);
}

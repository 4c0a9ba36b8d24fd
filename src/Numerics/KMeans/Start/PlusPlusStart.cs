using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Functions;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Start;

/// <summary>
/// Greedy k-means++: the first centre is drawn by weight; for each further one 2 + ⌊ln k⌋ candidates are drawn by w·D, without replacement,
/// and the one that leaves the least potential joins (of equal ones the first drawn). Ends early when every row lies on a centre.
/// </summary>
internal sealed class PlusPlusStart : StartMethod
{
    private readonly StartContext _context;
    private double[] _centroids;
    private double[] _candidates = [];
    private bool _exhausted;

    /// <param name="context">What is trained.</param>
    /// <param name="centroids">Centres to begin with, c × d; may be empty.</param>
    public PlusPlusStart(StartContext context, double[] centroids) => (_context, _centroids) = (context, centroids);

    public override double[] Centroids => _centroids;

    private int Found => _centroids.Length / _context.Columns;

    public override KMeansStep? Next
    {
        get
        {
            if (_exhausted || Found >= _context.K)
                return null;
            if (_candidates.Length > 0)
                return new PotentialStep(_context.Frame, _context.Unit, _centroids, _candidates);
            int trials = Found == 0 ? 1 : 2 + (int)Elementary.Log(_context.K);
            return new RaceStep(_context.Frame, _centroids, trials, _context.Draws(Purpose.PlusPlus, Found));
        }
    }

    public override void Advance(Statistic statistic, IParallel parallel)
    {
        if (_candidates.Length > 0)
        {
            Int128[] potentials = statistic.As<ExactTotals>().Values;
            int best = 0;
            for (int c = 1; c < potentials.Length; c++)
            {
                if (potentials[c] < potentials[best])
                    best = c;
            }

            Join(_candidates.AsSpan(best * _context.Columns, _context.Columns));
            _candidates = [];
            return;
        }

        IReadOnlyList<SelectedRow> drawn = statistic.As<RowSelection>().Rows;
        if (drawn.Count == 0)
            _exhausted = true;
        else if (drawn.Count == 1)
            Join(drawn[0].Values);
        else
            _candidates = Values(drawn);
    }

    public override void Write(ByteWriter writer)
    {
        writer.Doubles(_centroids);
        writer.Doubles(_candidates);
        writer.Boolean(_exhausted);
    }

    public static PlusPlusStart Read(StartContext context, ByteReader reader)
        => new(context, reader.Doubles()) { _candidates = reader.Doubles(), _exhausted = reader.Boolean() };

    private void Join(ReadOnlySpan<double> centre) => _centroids = [.. _centroids, .. centre];
}

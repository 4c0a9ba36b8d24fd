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
    private readonly StartContext context;
    private double[] centroids;
    private double[] candidates = [];
    private bool exhausted;

    /// <param name="context">What is trained.</param>
    /// <param name="centroids">Centres to begin with, c × d; may be empty.</param>
    public PlusPlusStart(StartContext context, double[] centroids) => (this.context, this.centroids) = (context, centroids);

    public override double[] Centroids => centroids;

    private int Found => centroids.Length / context.Columns;

    public override KMeansStep? Next
    {
        get
        {
            if (exhausted || Found >= context.K)
                return null;
            if (candidates.Length > 0)
                return new PotentialStep(context.Frame, context.Unit, centroids, candidates);
            int trials = Found == 0 ? 1 : 2 + (int)Elementary.Log(context.K);
            return new RaceStep(context.Frame, centroids, trials, context.Draws(Purpose.PlusPlus, Found));
        }
    }

    public override void Advance(Statistic statistic, IParallel parallel)
    {
        if (candidates.Length > 0)
        {
            Int128[] potentials = statistic.As<ExactTotals>().Values;
            int best = 0;
            for (int c = 1; c < potentials.Length; c++)
            {
                if (potentials[c] < potentials[best])
                    best = c;
            }

            Join(candidates.AsSpan(best * context.Columns, context.Columns));
            candidates = [];
            return;
        }

        IReadOnlyList<SelectedRow> drawn = statistic.As<RowSelection>().Rows;
        if (drawn.Count == 0)
            exhausted = true;
        else if (drawn.Count == 1)
            Join(drawn[0].Values);
        else
            candidates = Values(drawn);
    }

    public override void Write(ByteWriter writer)
    {
        writer.Doubles(centroids);
        writer.Doubles(candidates);
        writer.Boolean(exhausted);
    }

    public static PlusPlusStart Read(StartContext context, ByteReader reader)
        => new(context, reader.Doubles()) { candidates = reader.Doubles(), exhausted = reader.Boolean() };

    private void Join(ReadOnlySpan<double> centre) => centroids = [.. centroids, .. centre];
}

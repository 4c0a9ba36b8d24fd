using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>How numbers of clusters are judged.</summary>
/// <param name="SilhouetteRows">Rows of the sample whose silhouettes are taken.</param>
/// <param name="Weights">What the rows' weights mean.</param>
internal sealed record KMeansJudging(int SilhouetteRows, WeightMeaning Weights);

/// <summary>
/// A k-means training of one number of clusters among several, and what judges it: a pass for the dispersions of its clusters, and one that draws a sample
/// of the rows, the same for every number, whose silhouettes are then exact.
/// </summary>
internal sealed class KMeansTrial(KMeansTrainer training, int columns, KMeansJudging judging) : ITrialTrainer
{
    private readonly List<CriterionValue> _values = [];
    private EncodedStep? _next;
    private Stage _stage = Stage.Training;

    private enum Stage : byte
    {
        Training = 1,
        Dispersions = 2,
        Sample = 3,
        Done = 4,
    }

    public KMeansTrainer Training => training;

    public int K => training.Spec.K;

    public string Algorithm => training.Algorithm;

    public StatisticKinds Statistics => KMeansStatistics.Kinds;

    public string Phase => _stage is Stage.Dispersions or Stage.Sample ? "final" : training.Phase;

    public int Restart => training.Restart;

    public int Iteration => training.Iteration;

    public EncodedStep? Next => _stage switch
    {
        Stage.Training => training.Next,
        Stage.Dispersions => _next ??= new DispersionStep(columns, Centroids()).Encode(),
        Stage.Sample => _next ??= new RaceStep(training.Frame, [], judging.SilhouetteRows, new Draws(training.Spec.Seed, Purpose.SilhouetteSample, 0, 0))
            .Encode(),
        _ => null,
    };

    public SelectionTrial? Trial => _stage == Stage.Done ? new SelectionTrial(K, training.Result!.Restart, training.Result.Objective, [.. _values]) : null;

    public IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel)
    {
        _next = null;
        switch (_stage)
        {
            case Stage.Training:
                IReadOnlyList<TrainingEvent> events = training.Advance(statistic, parallel);
                if (training.Next is null)
                    _stage = Stage.Dispersions;
                return events;
            case Stage.Dispersions:
                _stage = Stage.Sample;
                return EndDispersions(Statistic.Decode<Dispersions>(statistic).Finish());
            default:
                EndSample(Statistic.Decode<RowSelection>(statistic).Rows, parallel);
                _stage = Stage.Done;
                break;
        }

        return [];
    }

    public byte[] Save()
    {
        var writer = new ByteWriter();
        writer.Byte((byte)_stage);
        writer.Bytes(training.Save());
        new SelectionTrial(K, 0, 0, [.. _values]).Write(writer);
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Save"/> returned.</exception>
    public static KMeansTrial Restore(ReadOnlyMemory<byte> saved, int columns, KMeansJudging judging, KMeansGeometry geometry)
    {
        var reader = new ByteReader(saved);
        var stage = (Stage)reader.Byte();
        var trial = new KMeansTrial(KMeansTrainer.Restore(reader.Bytes(), geometry), columns, judging) { _stage = stage };
        trial._values.AddRange(SelectionTrial.Read(reader).Values);
        reader.End();
        return Enum.IsDefined(stage) ? trial : throw new InvalidDataException("The state of a choice among k-means trainings is damaged: it names no stage.");
    }

    private double[] Centroids() => training.Result!.Model.Centroids;

    private IReadOnlyList<TrainingEvent> EndDispersions(ClusterDispersions clusters)
    {
        string? contradiction = clusters.Totals.Contradiction(judging.Weights, "the silhouette and the Calinski–Harabasz index");
        if (!clusters.Totals.HasSize(judging.Weights))
            throw new TrainingException(
                "The squares of the weights leave float64, so that there is no effective sample size: multiply all weights by a constant, so that they are "
                    + "near 1.");
        double size = clusters.Totals.Size(judging.Weights);
        _values.Add(new CriterionValue(SelectionCriterion.CalinskiHarabasz, InternalIndices.CalinskiHarabasz(clusters, size)));
        _values.Add(new CriterionValue(SelectionCriterion.DaviesBouldin, InternalIndices.DaviesBouldin(clusters, size)));
        return contradiction is null ? [] : [new TrainingWarning(Restart, contradiction, TrainingScope.Rows)];
    }

    private void EndSample(IReadOnlyList<SelectedRow> rows, IParallel parallel)
    {
        // Drawn by weight each counts once; where all rows are in, they count by their weights.
        double[] weights = rows.Count < judging.SilhouetteRows ? Weights(rows) : [];
        var block = new RowBlock(rows.SelectMany(row => row.Values).ToArray(), columns, weights);
        double[] centroids = Centroids();
        var labels = new int[rows.Count];
        new NearestCentroid(centroids, centroids.Length / columns, columns).Assign(block, labels, default, parallel);
        SilhouetteScore score = Silhouette.Score(block, labels, parallel);
        _values.Insert(0, new CriterionValue(SelectionCriterion.Silhouette, score.Mean, score.StandardError));
    }

    /// <summary>Weights that add up to the number of rows they stand for.</summary>
    private double[] Weights(IReadOnlyList<SelectedRow> rows)
    {
        double[] weights = [.. rows.Select(row => row.Weight)];
        double scale = WeightTotals.Of(weights).Scale(judging.Weights);
        return [.. weights.Select(weight => weight * scale)];
    }
}

using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Cli.Tests.Families.Origin;

/// <summary>
/// The run as a state machine: rows to start from, then means of the rows that are nearest, until no centre moves; then once more, to tell the result.
/// </summary>
internal sealed class OriginTrainer : ITrainer
{
    private const string Magic = "OCTT";

    private readonly ulong _seed;
    private readonly int _maxIterations;
    private OriginModel _model;
    private bool _started;
    private bool _last;

    /// <param name="model">Its centres are where the run starts from, when it has started; else they only say how many there are to be.</param>
    public OriginTrainer(OriginModel model, ulong seed, int maxIterations, bool started) =>
        (_model, _seed, _maxIterations, _started) = (model, seed, maxIterations, started);

    public string Algorithm => "origin";

    public StatisticKinds Statistics => OriginFamily.Instance.Statistics;

    public string Phase => !_started ? "init" : Totals is not null ? "done" : _last ? "final" : "iterate";

    public int Restart => 0;

    public int Iteration { get; private set; }

    public string Stop { get; private set; } = "";

    public OriginModel Model => _model;

    /// <summary>What the clusters of the result hold; null before it is known.</summary>
    public OriginTotals? Totals { get; private set; }

    public EncodedStep? Next => Totals is null ? new OriginStep(_seed, _model.K - 1, _started ? _model : null).Encode() : null;

    public IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel)
    {
        if (!_started)
        {
            double[] centres = [.. new double[_model.Columns], .. Statistic.Decode<OriginStarts>(statistic).Values];
            (_model, _started) = (new OriginModel(centres, _model.Columns, _model.Radius), true);
            return [];
        }

        OriginTotals totals = Statistic.Decode<OriginTotals>(statistic);
        double objective = totals.Squares.Sum();
        if (_last)
        {
            Totals = totals;
            return [new RestartEnded(0, Iteration, objective, Stop)];
        }

        (OriginModel next, double shift) = Move(totals);
        Iteration++;
        Stop = shift == 0 ? "converged" : Iteration >= _maxIterations ? "max-iterations" : "";
        (_model, _last) = (next, Stop.Length > 0);
        return [new IterationEnded(0, Iteration, objective, shift, 0, (long)totals.Rows.Sum() * _model.K)];
    }

    public byte[] Save()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, 1);
        _model.Write(writer);
        writer.Int64((long)_seed);
        writer.Int32(_maxIterations);
        writer.Boolean(_started);
        writer.Boolean(_last);
        writer.Int32(Iteration);
        writer.String(Stop);
        writer.Bytes(Totals is null ? [] : Totals.Encode().Memory.Span);
        return writer.ToArray();
    }

    public static OriginTrainer Restore(ReadOnlyMemory<byte> saved)
    {
        var reader = new ByteReader(saved);
        reader.Header(Magic, 1);
        var trainer = new OriginTrainer(OriginModel.Read(reader), (ulong)reader.Int64(), reader.Int32(), reader.Boolean())
        {
            _last = reader.Boolean(),
            Iteration = reader.Int32(),
            Stop = reader.String(),
        };
        byte[] totals = reader.Bytes();
        trainer.Totals = totals.Length == 0 ? null : Statistic.Decode<OriginTotals>(totals);
        return trainer;
    }

    /// <summary>Every centre to the mean of its rows, but the origin's; one without rows stays.</summary>
    private (OriginModel Model, double Shift) Move(OriginTotals totals)
    {
        int d = _model.Columns;
        double[] centres = [.. _model.Centres];
        double shift = 0;
        for (int at = d; at < centres.Length; at++)
        {
            double weight = totals.Weights[at / d];
            if (weight == 0)
                continue;
            double moved = (totals.Sums[at] / weight) - centres[at];
            centres[at] = totals.Sums[at] / weight;
            shift += moved * moved;
        }

        return (new OriginModel(centres, d, _model.Radius), shift);
    }
}

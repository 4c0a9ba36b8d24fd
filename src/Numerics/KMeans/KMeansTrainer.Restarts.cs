using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.KMeans.Start;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>How restarts begin and end, and what a start says of the rows.</summary>
public sealed partial class KMeansTrainer
{
    private void BeginRestart(int index)
    {
        (_restart, _iteration, _previous, _waiting, _meansOf, _stop) = (index, 0, null, null, null, "");
        _tally = new EmptyTally();
        _log.Begin();
        _start = BeginStart();
        _stage = Stage.Start;
        EndStart();
    }

    private StartMethod BeginStart() => _spec.Init switch
    {
        KMeansInit.Given => new GivenStart(_spec.InitialCentroids),
        KMeansInit.Random => new RandomStart(StartContext()),
        KMeansInit.PlusPlus => new PlusPlusStart(StartContext(), []),
        _ => new ParallelStart(StartContext(), CandidateClustering.Of(_spec.Geometry)),
    };

    private StartMethod ReadStart(ByteReader reader) => _spec.Init switch
    {
        KMeansInit.Given => new GivenStart(_spec.InitialCentroids),
        KMeansInit.Random => new RandomStart(StartContext()),
        KMeansInit.PlusPlus => PlusPlusStart.Read(StartContext(), reader),
        _ => ParallelStart.Read(StartContext(), CandidateClustering.Of(_spec.Geometry), reader),
    };

    private StartContext StartContext() => new(_spec.K, _spec.Seed, _columns, _frame, _startUnit, _restart);

    /// <summary>A restart ended, well or badly: the next one begins, or the training is done.</summary>
    private void EndRestart(List<TrainingEvent> events)
    {
        if (_restart + 1 < _spec.Restarts)
        {
            BeginRestart(_restart + 1);
            return;
        }

        _stage = Stage.Done;
        _log.Finish(events);
    }

    private void EndStart()
    {
        if (_start!.Next is not null)
            return;
        _current = _start.Centroids;
        _start = null;
        _stage = Stage.Iterate;
        int found = _current.Length / _columns;
        if (found < _spec.K)
            FewerDistinct(found);
    }

    private void FewerDistinct(int clusters)
    {
        if (_spec.Empty == EmptyClusters.Fail)
        {
            string rows = LightRows is { } light ? $"{light}, and the others" : "The rows";
            throw new TrainingException(
                $"{rows} have fewer distinct {Values} than the {_spec.K} clusters asked for: ask for at most {clusters}, or allow empty clusters to be "
                    + "dropped.", TrainingScope.MoreClusters);
        }

        // Of rows that do not count it was told when they were found. One message serves all numbers of clusters that it is true of.
        string rowsThatCount = _lightRows == 0 ? "rows" : "rows that count";
        _log.Note(
            $"The {rowsThatCount} have fewer distinct {Values} than clusters were asked for: there "
                + $"{(clusters == 1 ? "is 1 cluster" : $"are {clusters} clusters")}.", TrainingScope.MoreClusters);
    }

    private string Values => _spec.Geometry == KMeansGeometry.Sphere ? "directions" : "values";

    /// <summary>"1 column", "2 columns".</summary>
    internal static string Width(int columns) => columns == 1 ? "1 column" : $"{columns} columns";

    /// <summary>"3 rows weigh at most 1e-20, too little to count beside the heaviest of 1"; null when all count.</summary>
    internal string? LightRows => _lightRows == 0 ? null
        : $"{_lightRows} {(_lightRows == 1 ? "row weighs" : "rows weigh")} at most {Math.ScaleB(1, _frame.WeightExponent - 1):R}, too little to count beside "
            + $"the heaviest of {_greatestWeight:R}";
}

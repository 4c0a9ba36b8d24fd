using System.Collections.Immutable;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>A step while it is fitted: the columns that it sees, what the pass before told, and what comes of it.</summary>
/// <param name="columns">Columns of the rows as the steps before left them.</param>
internal sealed class StepFit(ImmutableArray<RowColumn> columns)
{
    private Statistic? _told;

    public ImmutableArray<RowColumn> Columns => columns;

    /// <summary>The fitted step, once it is done.</summary>
    public StepRecord? Result { get; set; }

    /// <summary>Rows of positive weight, once ranges are known.</summary>
    public long Rows { get; set; }

    /// <summary>Keeps what the pass that was asked for found.</summary>
    public void Tell(Statistic statistic) => _told = statistic;

    /// <summary>What the pass that was just asked for found.</summary>
    public T Told<T>()
        where T : Statistic
        => (_told ?? throw new InvalidOperationException("Nobody has told what the pass found.")).As<T>();

    /// <summary>A message about a column.</summary>
    public TrainingException Refuse(int column, string what) => new($"Column '{columns[column].Name}' {what}");
}

using System.Collections.Immutable;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Selection;

/// <summary>A training of one number of clusters, and the passes that judge what it found.</summary>
internal interface ITrialTrainer : ITrainer
{
    /// <summary>The number asked for.</summary>
    int K { get; }

    /// <summary>What it came to; null until it is done.</summary>
    SelectionTrial? Trial { get; }
}

/// <summary>All that a choice among numbers of clusters needs of a family of models.</summary>
internal interface ISelectionFamily
{
    /// <summary>The numbers to try, ascending, at least one.</summary>
    ImmutableArray<int> Numbers { get; }

    /// <summary>What chooses.</summary>
    SelectionCriterion Criterion { get; }

    /// <summary>Starts of each number.</summary>
    int Restarts { get; }

    /// <summary>Whether more clusters make a greater objective; otherwise they make a lesser one.</summary>
    bool ObjectiveRises { get; }

    /// <summary>What the objective is called: <c>likelihood</c>.</summary>
    string ObjectiveName { get; }

    /// <summary>Whether the number chosen is trained once more, on all rows.</summary>
    bool Refits { get; }

    /// <summary>A training of one number at its beginning.</summary>
    /// <param name="k">The number.</param>
    /// <param name="refit">Whether it is the chosen one, on all rows and not judged any more.</param>
    /// <param name="before">The training of the number before it, whose survey of the rows it may use; null: it is the first.</param>
    ITrialTrainer Begin(int k, bool refit, ITrialTrainer? before);

    /// <summary>A training as it was saved.</summary>
    ITrialTrainer Restore(ReadOnlyMemory<byte> saved, bool refit);

    /// <summary>Adds the criteria that look at all trials.</summary>
    ImmutableArray<SelectionTrial> Compare(ImmutableArray<SelectionTrial> trials);

    void Write(ByteWriter writer);
}

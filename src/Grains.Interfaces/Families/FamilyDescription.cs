using System.Collections.Immutable;
using OrleansCluster.Families.Options;
using OrleansCluster.Training;

namespace OrleansCluster.Families;

/// <summary>What a family is to those who ask for trainings and read what came of them.</summary>
/// <param name="defaults">Options that nobody changed.</param>
public sealed class FamilyDescription(ITrainingOptions defaults)
{
    /// <summary>The name that commands, jobs and steps carry.</summary>
    public string Name => defaults.Family;

    /// <summary>What people call it.</summary>
    public required string Title { get; init; }

    /// <summary>What the parts of a model are called: <c>cluster</c>.</summary>
    public string Part { get; init; } = "cluster";

    /// <summary>What the objective is called in reports: <c>inertia</c>.</summary>
    public required string ObjectiveName { get; init; }

    /// <summary>What people call the objective; empty: as in reports.</summary>
    public string ObjectiveTitle { get; init; } = "";

    /// <summary>What the objective is of, for people.</summary>
    public Func<ITrainingOptions, string> ObjectiveRemark { get; init; } = static _ => "";

    /// <summary>Whether a lesser objective is the better one.</summary>
    public required bool LessIsBetter { get; init; }

    /// <summary>What training it is, for people, without a full stop: <c>Train … and publish a new version of a model</c>.</summary>
    public required string Help { get; init; }

    /// <summary>The options that there are, in the order in which people are told of them.</summary>
    public ImmutableArray<OptionInfo> Options { get; } = OptionList.Of(defaults);

    /// <summary>Options that nobody changed.</summary>
    public ITrainingOptions Defaults => defaults;

    /// <summary>What is wrong with several options together, for people; null: nothing.</summary>
    public Func<GivenOptions, string?> Rule { get; init; } = _ => null;

    /// <summary>The numbers that are told of a training, in the order in which people are told of them: their values do not matter here.</summary>
    public ImmutableArray<Measure> Measures { get; init; } = [];

    /// <summary>The numbers that are told of each cluster.</summary>
    public ImmutableArray<PartMeasure> PartMeasures { get; init; } = [];

    /// <summary>The name under which version 0.1.0 wrote the family's options into JSON; empty: it did not know the family.</summary>
    public string EarlierName { get; init; } = "";

    /// <summary>Refuses a value that an option cannot have.</summary>
    /// <exception cref="ClusteringException">Which option, what it is, and what it can be.</exception>
    public void Check(ITrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (OptionInfo option in Options)
        {
            string value = option.Read(options);
            // Given rows are told by a word of their own.
            if (option.Kind == OptionKind.Rows || (option.Kind == OptionKind.Word && !options.Start.IsEmpty && value == ITrainingOptions.Given))
                continue;
            if (option.Problem(value) is { } problem)
                throw new ClusteringException($"{option.JsonName} is {(option.Kind == OptionKind.Word ? $"'{value}'" : value)}, which {problem}.");
        }
    }
}

using System.Collections.Immutable;
using System.Reflection;
using OrleansCluster.Training;

namespace OrleansCluster.Families.Options;

/// <summary>The options of a family, as its record of options says them.</summary>
public static class OptionList
{
    /// <summary>What options that all families have are said to be, where a family says nothing else.</summary>
    private static readonly ImmutableDictionary<string, OptionAttribute> Common = new Dictionary<string, OptionAttribute>
    {
        [nameof(ITrainingOptions.K)] = new("Number of clusters, or several of which --select chooses: 1..20, or 2,4,8"),
        [nameof(ITrainingOptions.Restarts)] = new("Starts to try; the best one is kept") { Minimum = 1, Maximum = 1_000_000 },
        [nameof(ITrainingOptions.MaxIterations)] = new("Most iterations of a restart") { Minimum = 1, Maximum = 1_000_000_000 },
        [nameof(ITrainingOptions.Tolerance)] = new("When to stop") { Minimum = 0 },
        [nameof(ITrainingOptions.Seed)] = new("Seed of everything random"),
        [nameof(ITrainingOptions.Weights)] = new(
            "What the weights of rows mean to criteria: how many equal rows each is, or only how rows compare, whatever the sum [default: count, unless the "
                + "sum is less than the rows]")
        {
            Words = ["count", "relative"],
        },
    }.ToImmutableDictionary();

    /// <summary>Reads them, in the order of the record's ids.</summary>
    /// <param name="defaults">Options that nobody changed.</param>
    public static ImmutableArray<OptionInfo> Of(ITrainingOptions defaults)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        return
        [
            .. from property in defaults.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
               let id = property.GetCustomAttribute<IdAttribute>()
               let said = property.GetCustomAttribute<OptionAttribute>() ?? Common.GetValueOrDefault(property.Name)
               where id is not null && said is not null
               orderby id.Id
               select new OptionInfo(property, said, defaults),
        ];
    }
}

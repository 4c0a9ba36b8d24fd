using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Families;
using OrleansCluster.Families.Options;
using OrleansCluster.Training;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>Trainings as asked for.</summary>
internal static partial class JobRequests
{
    private const string Warm = "warm", Fresh = "fresh", None = "none", Restarts = "restarts", Seed = "seed";

    /// <summary>Whether a model is to be trained again, with the options that it has.</summary>
    public static bool IsRetraining(RequestDocument asked) => asked.Retraining switch
    {
        Warm or Fresh => true,
        None or "" => false,
        var other => throw ProblemException.Content($"retraining is '{other}', and must be none, warm (from the champion's parameters) or fresh."),
    };

    /// <summary>A retraining.</summary>
    public static RetrainingOrder Order(RequestDocument asked)
    {
        JsonObject options = asked.Options ?? [];
        if (options.Select(option => option.Key).FirstOrDefault(name => name is not (Seed or Restarts)) is { } other)
            throw ProblemException.Content(
                $"A retraining takes the options seed and restarts alone, and all others from the version that it goes on from: leave {other} out.");
        if (asked.Family.Length > 0 || asked.Parent > 0)
            throw ProblemException.Content("A retraining goes on from what the model's bare name means, in its family: leave family and parent out.");
        if (!string.IsNullOrEmpty(asked.Preparation))
            throw ProblemException.Content("A retraining keeps the preparation that its model has: leave preparation out.");
        return new RetrainingOrder
        {
            Model = asked.Model,
            Dataset = asked.Dataset,
            DatasetVersion = asked.DatasetVersion,
            Fresh = asked.Retraining == Fresh,
            Adapt = asked.Adapt,
            KeepThreshold = asked.KeepThreshold,
            Seed = options[Seed] is { } seed ? Read<ulong>(Seed, seed) : null,
            Restarts = options[Restarts] is { } restarts ? Read<int>(Restarts, restarts) : null,
            By = By(asked),
        };
    }

    /// <summary>A training.</summary>
    /// <exception cref="ProblemException">There is no such family, or an option is not what it must be.</exception>
    public static TrainingRequest Request(RequestDocument asked, ImmutableArray<FamilyDescription> families)
    {
        FamilyDescription family = families.FirstOrDefault(family => family.Name == asked.Family)
            ?? throw ProblemException.Content(
                $"{(asked.Family.Length == 0 ? "The request names no family" : $"There is no family '{asked.Family}'")}: there are "
                    + $"{string.Join(", ", families.Select(family => family.Name))}.");
        if (asked.Dataset.Length == 0)
            throw ProblemException.Content("The request names no dataset.");
        JsonObject given = asked.Options ?? [];
        var texts = new Dictionary<string, string>();
        foreach ((string name, JsonNode? value) in given)
        {
            OptionInfo option = family.Options.FirstOrDefault(option => option.JsonName == name && option.Kind != OptionKind.Rows)
                ?? throw ProblemException.Content(
                    $"The family {family.Name} has no option '{name}': it has "
                        + $"{string.Join(", ", family.Options.Where(option => option.Kind != OptionKind.Rows).Select(option => option.JsonName))}.");
            if (value is not JsonValue)
                throw ProblemException.Content($"The option {name} is {value?.ToJsonString() ?? "null"}, and must be {option.Values()}.");
            string text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
            if (option.Problem(text) is { } problem)
                throw ProblemException.Content($"The option {name} is {text}, which {problem}.");
            texts.Add(option.Name, text);
        }

        if (!family.Options.Any(option => option.Kind == OptionKind.Counts && texts.ContainsKey(option.Name)))
            throw ProblemException.Content("The options lack k, the number of clusters, or several of which one is chosen, as in \"1..12\".");
        ITrainingOptions options = OptionsJson.Read(family, given);
        if (options.LargestK > 0 && !texts.ContainsKey(Restarts))
            options = options.With(nameof(ITrainingOptions.Restarts), ClusterCounts.StartsOfEach);
        if (family.Rule(new GivenOptions(options, texts.ToImmutableDictionary())) is { } wrong)
            throw ProblemException.Content(Dashes().Replace(wrong, match => match.Groups[1].Value.Replace('-', '_')));
        return new TrainingRequest
        {
            Dataset = asked.Dataset,
            DatasetVersion = asked.DatasetVersion,
            Model = asked.Model.Length > 0 ? asked.Model : asked.Dataset,
            Options = options,
            Parent = asked.Parent,
            By = By(asked),
            Preparation = asked.Preparation ?? "",
            OnTrial = asked.OnTrial,
            Adapts = asked.Adapt,
            KeepsThreshold = asked.KeepThreshold,
        };
    }

    /// <summary>A training just as it is asked for. What is wrong with its options is found where it starts, as it is of whoever asks there.</summary>
    /// <param name="start">The rows that it starts from; empty: none are given.</param>
    /// <exception cref="ProblemException">There is no such family.</exception>
    public static TrainingRequest Exact(RequestDocument asked, ReadOnlyMemory<byte> start, ImmutableArray<FamilyDescription> families)
    {
        ITrainingOptions? options = null;
        if (asked.Family.Length > 0)
        {
            FamilyDescription family = families.FirstOrDefault(family => family.Name == asked.Family)
                ?? throw ProblemException.Content(
                    $"There is no family '{asked.Family}' here: there are {string.Join(", ", families.Select(family => family.Name))}.");
            options = OptionsJson.Read(family, asked.Options ?? []);
            options = start.IsEmpty ? options : options.WithStart(start);
        }

        return new TrainingRequest
        {
            Dataset = asked.Dataset,
            DatasetVersion = asked.DatasetVersion,
            Model = asked.Model,
            Options = options,
            Parent = asked.Parent,
            By = By(asked),
            Retraining = Json.RetrainingWords.Read(asked.Retraining),
            Preparation = asked.Preparation ?? "",
            OnTrial = asked.OnTrial,
            Adapts = asked.Adapt,
            KeepsThreshold = asked.KeepThreshold,
        };
    }

    /// <summary>Who shows a key does not say that they are somebody else.</summary>
    private static string By(RequestDocument asked) => asked.By.Length > 0 && ReferenceEquals(Caller.Current, Caller.Anybody) ? asked.By : NativeApi.By;

    private static T Read<T>(string name, JsonNode node) =>
        node is JsonValue value && value.TryGetValue(out T? number)
            ? number
            : throw ProblemException.Content($"The option {name} is {node.ToJsonString()}, and must be a whole number.");

    /// <summary>Options as the command has them.</summary>
    [GeneratedRegex("--([a-z][a-z-]*)")]
    private static partial Regex Dashes();
}

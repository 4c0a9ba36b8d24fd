using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Families.Options;
using OrleansCluster.Pages.Frame;
using OrleansCluster.Pages.Views;
using OrleansCluster.Training;
using OrleansCluster.Web.Native;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Site;

/// <summary>The form that a training is asked for with, made of what the families say of their options.</summary>
internal sealed class TrainPage(NativeApi api)
{
    private const string OptionPrefix = "o.";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page("/train", "page.train", http => WriteAsync(
            http, http.Request.Query.ToDictionary(part => part.Key, part => part.Value.ToString()), null));
        routes.Act("/train", "page.startJob", StartAsync);
        routes.Act("/train/plan", "page.planJob", PlanAsync);
    }

    private async Task StartAsync(HttpContext http)
    {
        Dictionary<string, string> given = await GivenAsync(http).ConfigureAwait(false);
        string job;
        try
        {
            job = await api.Client.Jobs.StartAsync(JobRequests.Request(Document(given), api.Families), null, http.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is ClusteringException or ProblemException { Status: < 500 })
        {
            await WriteAsync(http, given, refused.Message).ConfigureAwait(false);
            return;
        }

        await PageAnswers.GoTo(http, Visit.OfJob(job)).ConfigureAwait(false);
    }

    /// <summary>The form as it was sent, with what its training would take.</summary>
    private async Task PlanAsync(HttpContext http)
    {
        Dictionary<string, string> given = await GivenAsync(http).ConfigureAwait(false);
        PlannedTraining? plan;
        try
        {
            plan = await api.Client.Jobs.PlanAsync(JobRequests.Request(Document(given), api.Families), http.RequestAborted).ConfigureAwait(false)
                ?? throw ProblemException.Content($"There is no plan for the family {given["family"]}: it does not say what it needs. Train without one.");
        }
        catch (Exception refused) when (refused is ClusteringException or ProblemException { Status: < 500 })
        {
            await WriteAsync(http, given, refused.Message).ConfigureAwait(false);
            return;
        }

        await WriteAsync(http, given, null, plan).ConfigureAwait(false);
    }

    private static async Task<Dictionary<string, string>> GivenAsync(HttpContext http)
    {
        IFormCollection form = await Forms.ReadAsync(http).ConfigureAwait(false);
        return form.Where(field => field.Key != FormTokens.Field).ToDictionary(field => field.Key, field => field.Value.ToString().Trim());
    }

    private RequestDocument Document(Dictionary<string, string> given)
    {
        FamilyDescription family = api.Families.FirstOrDefault(family => family.Name == given.GetValueOrDefault("family"))
            ?? throw ProblemException.Content($"There is no family '{given.GetValueOrDefault("family")}'.");
        var options = new JsonObject();
        foreach ((string field, string text) in given.Where(field => field.Key.StartsWith(OptionPrefix, StringComparison.Ordinal) && field.Value.Length > 0))
        {
            string name = field[OptionPrefix.Length..];
            OptionInfo? option = family.Options.FirstOrDefault(option => option.JsonName == name);
            options[name] = option is null || option.Problem(text) is not null ? text : Value(option.Kind, text);
        }

        string version = given.GetValueOrDefault("dataset_version", "");
        return new RequestDocument
        {
            Dataset = given.GetValueOrDefault("dataset", ""),
            DatasetVersion = version.Length == 0 ? 0
                : int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
                : throw ProblemException.Content($"The version of the dataset is '{version}', and must be a whole number from 1."),
            Model = given.GetValueOrDefault("model", ""),
            Family = family.Name,
            Preparation = given.GetValueOrDefault("preparation", ""),
            Options = options,
        };
    }

    private static JsonValue Value(OptionKind kind, string text) => kind switch
    {
        OptionKind.Integer => JsonValue.Create(long.Parse(text, CultureInfo.InvariantCulture)),
        OptionKind.Seed => JsonValue.Create(ulong.Parse(text, CultureInfo.InvariantCulture)),
        OptionKind.Real => JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture)),
        OptionKind.Flag => JsonValue.Create(text == "true"),
        OptionKind.Counts when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) => JsonValue.Create(count),
        _ => JsonValue.Create(text),
    };

    private async Task WriteAsync(HttpContext http, Dictionary<string, string> given, string? problem, PlannedTraining? plan = null)
    {
        DatasetVersion[] datasets = [.. (await api.Client.Datasets.ListAsync(http.RequestAborted).ConfigureAwait(false))
            .OrderBy(dataset => dataset.Name, StringComparer.Ordinal)];
        await PageAnswers.WriteAsync<TrainView>(
            http, "Train",
            new Dictionary<string, object?>
            {
                [nameof(TrainView.Families)] = api.Families,
                [nameof(TrainView.Datasets)] = datasets,
                [nameof(TrainView.Given)] = given,
                [nameof(TrainView.Problem)] = problem,
                [nameof(TrainView.Plan)] = plan,
            },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest).ConfigureAwait(false);
    }
}

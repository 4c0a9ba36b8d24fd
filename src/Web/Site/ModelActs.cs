using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;
using OrleansCluster.Pages.Frame;
using OrleansCluster.Web.Native;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Site;

/// <summary>What is done on pages about a model: each on the revision that was seen, so that nobody undoes what they did not see.</summary>
internal sealed class ModelActs(NativeApi api)
{
    private const string One = "/models/{model}";

    /// <summary>As the command does it: 1%, 5%, 25% and all.</summary>
    private static readonly ImmutableArray<int> CanarySteps = [100, 500, 2_500, ModelRoute.Whole];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Act(One + "/promote", "page.promote", http => ChangeAsync(http, "", (model, change, form) =>
            api.Client.Models.SetAliasAsync(model, change, ModelReference.Champion, Number(form, "version"), http.RequestAborted)));
        routes.Act(One + "/rollback", "page.rollback", http => ChangeAsync(
            http, "", (model, change, _) => api.Client.Models.RollbackAsync(model, change, ModelReference.Champion, http.RequestAborted)));
        routes.Act(One + "/canary", "page.canary", http => ChangeAsync(http, "", (model, change, form) => api.Client.Models.SetRouteAsync(
            model, change, new RouteChange
            {
                Kind = RouteChangeKind.Canary,
                Version = Number(form, "version"),
                Steps = CanarySteps,
                Every = TimeSpan.FromMinutes(Number(form, "minutes")),
            }, http.RequestAborted)));
        routes.Act(One + "/route/abort", "page.abortRoute", http => ChangeAsync(http, "", (model, change, _) =>
            api.Client.Models.SetRouteAsync(model, change, new RouteChange { Kind = RouteChangeKind.Abort }, http.RequestAborted)));
        routes.Act(One + "/clusters", "page.nameCluster", http => ChangeAsync(http, "clusters", (model, change, form) => api.Client.Models.NameClusterAsync(
            model, change, new ClusterNote
            {
                Cluster = Number(form, "cluster"),
                Name = form["name"].ToString().Trim(),
                Colour = form["colour"].ToString().Trim(),
                Note = form["note"].ToString().Trim(),
            }, http.RequestAborted)));
    }

    private async Task ChangeAsync(HttpContext http, string back, Func<string, ModelChange, IFormCollection, Task<ModelInfo>> change)
    {
        IFormCollection form = await Forms.ReadAsync(http).ConfigureAwait(false);
        ModelOutline model = await api.ModelAsync(http).ConfigureAwait(false);
        ModelChange asked = api.Client.Models.Change(model.Info, NativeApi.By, form["reason"].ToString().Trim());
        if (long.TryParse(form["revision"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long seen))
            asked = asked with { Expected = seen };
        try
        {
            await change(model.Name, asked, form).ConfigureAwait(false);
        }
        catch (ClusteringException refused) when (asked.Expected != model.Info.Revision)
        {
            throw new ProblemException(409, ProblemKinds.Conflict, refused.Message + " Look at the model's page again.", refused);
        }

        await PageAnswers.GoTo(http, Visit.OfModel(model.Name, back)).ConfigureAwait(false);
    }

    private static int Number(IFormCollection form, string field) =>
        int.TryParse(form[field].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw ProblemException.Content($"The field {field} is '{form[field]}', and must be a whole number.");
}

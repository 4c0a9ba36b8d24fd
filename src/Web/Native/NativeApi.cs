using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Native;

/// <summary>What all endpoints of <c>/api/v1</c> share.</summary>
internal sealed class NativeApi(
    Func<IClusteringClient> client, ModelQuestions questions, ImmutableArray<FamilyDescription> families, WebOptions options)
{
    /// <summary>Where the native API is.</summary>
    public const string Root = "/api/v1";

    /// <summary>Who changes what, for audit trails.</summary>
    public static string By => Caller.Current.Name;

    public IClusteringClient Client => client();

    public ModelQuestions Questions => questions;

    public ImmutableArray<FamilyDescription> Families => families;

    public WebOptions Options => options;

    /// <summary>Adds all endpoints.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        new DatasetEndpoints(this).Map(routes);
        new ImportEndpoints(this).Map(routes);
        new JobEndpoints(this).Map(routes);
        new ModelEndpoints(this).Map(routes);
        new ModelChangeEndpoints(this).Map(routes);
        new TransferEndpoints(this).Map(routes);
        new DeletionEndpoints(this).Map(routes);
        new RouteEndpoints(this).Map(routes);
        new AnswerEndpoints(this).Map(routes);
        new MonitorEndpoints(this).Map(routes);
        new RetrainingEndpoints(this).Map(routes);
        new AlertEndpoints(this).Map(routes);
        new FamilyEndpoints(this).Map(routes);
        new AuditEndpoints(this).Map(routes);
        new UsageEndpoints(this).Map(routes);
        new ClusterEndpoints(this).Map(routes);
        KeyEndpoints.Map(routes);
    }

    /// <summary>A model that is named in the path.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public async Task<ModelOutline> ModelAsync(HttpContext http)
    {
        string name = Queries.Path(http, "model");
        return await Client.Models.FindAsync(name, http.RequestAborted).ConfigureAwait(false) is { Versions.IsEmpty: false } model
            ? model
            : throw ProblemException.Missing($"There is no model '{name}': train it first, or correct the name.");
    }

    /// <summary>The version of a model that a text names: a number, an alias, or <c>newest</c>.</summary>
    /// <exception cref="ProblemException">There is no such version, or its parameters are gone.</exception>
    public static VersionSummary Pick(ModelOutline model, string text, bool kept = false)
    {
        ModelReference wanted = ModelReference.Parse($"{model.Name}@{text}");
        int number = wanted.Alias == ModelReference.Newest ? model.Info.Newest
            : wanted.Alias.Length == 0 ? wanted.Version
            : model.Info.Aliases.FirstOrDefault(alias => alias.Name == wanted.Alias)?.Version
                ?? throw ProblemException.Missing(
                    $"The model '{model.Name}' has no alias '{text}': it has "
                        + $"{(model.Info.Aliases.IsEmpty ? "none" : string.Join(", ", model.Info.Aliases.Select(alias => alias.Name)))}.");
        VersionSummary version = model.Versions.FirstOrDefault(version => version.Version == number)
            ?? throw ProblemException.Missing(
                $"There is no version {number} of the model '{model.Name}': it has {string.Join(", ", model.Versions.Select(version => version.Version))}.");
        return kept && version.Pruned is not null
            ? throw new ProblemException(
                410, ProblemKinds.Gone, $"The parameters of version {number} of the model '{model.Name}' were pruned: name another version.")
            : version;
    }
}

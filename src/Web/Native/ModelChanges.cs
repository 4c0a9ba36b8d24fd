using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>
/// Changes of what is said of a model: on the revision that was read, or on the one that is found, and once however often they are asked for.
/// </summary>
internal static class ModelChanges
{
    /// <summary>How often a change that names no revision is tried when others come first.</summary>
    private const int Tries = 5;

    /// <summary>Why, for the audit trail; and who asks, where the service asks nobody who they are.</summary>
    public const string Reason = "reason", By = "by";

    /// <summary>What may stand behind the question mark.</summary>
    public static ImmutableArray<string> Parameters { get; } = [Reason, By];

    /// <summary>A change just as the .NET client asks for it, under a name of its own.</summary>
    /// <exception cref="ProblemException">It does not say what it was decided on.</exception>
    public static ModelChange Exact(HttpContext http) => new()
    {
        Id = http.Request.Headers["Idempotency-Key"].ToString(),
        Expected = Preconditions.Revision(http.Request) ?? throw ProblemException.Bad("The change does not say, in If-Match, which revision it is of."),
        By = Who(http.Request),
        Reason = Queries.Text(http.Request, Reason) ?? "",
    };

    /// <summary>Who shows a key does not say that they are somebody else.</summary>
    private static string Who(HttpRequest request) =>
        ReferenceEquals(Caller.Current, Caller.Anybody) && Queries.Text(request, By) is { } by ? by : NativeApi.By;

    /// <summary>Changes the model that the path names.</summary>
    /// <param name="body">What was sent, which tells apart two requests with one key.</param>
    /// <param name="change">The change, of the model as it was found.</param>
    /// <returns>What the change answers.</returns>
    /// <exception cref="ProblemException">There is no such model, or it was changed since it was read.</exception>
    public static async Task<T> ChangeAsync<T>(
        this NativeApi api, HttpContext http, ReadOnlyMemory<byte> body, string reason, Func<ModelOutline, ModelChange, Task<T>> change)
    {
        long? expected = Preconditions.Revision(http.Request);
        string? key = Preconditions.Name(http.Request, http.Request.Method, http.Request.Path, Convert.ToHexString(body.Span));
        for (int attempt = 1; ; attempt++)
        {
            ModelOutline seen = await api.ModelAsync(http).ConfigureAwait(false);
            ModelChange asked = api.Client.Models.Change(seen.Info, Who(http.Request), reason.Length > 0 ? reason : Queries.Text(http.Request, Reason) ?? "");
            asked = asked with { Expected = expected ?? seen.Info.Revision, Id = key ?? asked.Id };
            try
            {
                return await change(seen, asked).ConfigureAwait(false);
            }
            catch (ClusteringException refused)
            {
                ModelOutline now = await api.ModelAsync(http).ConfigureAwait(false);
                if (now.Info.Revision == asked.Expected)
                    throw;
                if (expected is not null || attempt == Tries)
                    throw new ProblemException(
                        expected is null ? 409 : 412, expected is null ? ProblemKinds.Conflict : ProblemKinds.StaleRevision, refused.Message, refused);
            }
        }
    }

    /// <summary>Changes the model that the path names, and answers with it.</summary>
    public static async Task ChangeModelAsync(
        this NativeApi api, HttpContext http, ReadOnlyMemory<byte> body, string reason, Func<ModelOutline, ModelChange, Task<ModelInfo>> change)
    {
        (ModelOutline model, ModelInfo info) = await api.ChangeAsync(
            http, body, reason, async (seen, asked) => (seen, await change(seen, asked).ConfigureAwait(false))).ConfigureAwait(false);
        http.Response.Headers.ETag = Answers.Tag(info.Revision);
        AskedColumns inputs = await api.Questions.InputsAsync(model.Name, 0, http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(http, ModelDocuments.Of(info, model, inputs), Contracts.Api.ApiJson.Default.ModelDocument).ConfigureAwait(false);
    }
}

using Microsoft.AspNetCore.Http;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
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
            ModelChange asked = api.Client.Models.Change(seen.Info, NativeApi.By, reason);
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

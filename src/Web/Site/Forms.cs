using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Site;

/// <summary>What forms bring.</summary>
internal static class Forms
{
    /// <summary>The fields and files of a form, which are read once.</summary>
    /// <exception cref="ProblemException">It is no form, or brings more than is taken.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
            throw ProblemException.Format($"{http.Request.Path} takes the form of its page, not {http.Request.ContentType ?? "nothing"}.");
        int most = (int)Math.Min(WebOptions.Of(http).MostQuestionBytes, int.MaxValue);
        if (http.Request.ContentLength > most)
            throw ProblemException.TooLarge($"The form brings {http.Request.ContentLength} bytes, and at most {most} are taken here: the API takes more.");
        try
        {
            return await http.Request.ReadFormAsync(
                new FormOptions
                {
                    BufferBodyLengthLimit = most,
                    MultipartBodyLengthLimit = most,
                    ValueLengthLimit = most,
                    ValueCountLimit = 256,
                    KeyLengthLimit = 200,
                    // Files stay in memory: nothing that people send is written down here.
                    MemoryBufferThreshold = most,
                },
                http.RequestAborted).ConfigureAwait(false);
        }
        catch (InvalidDataException wrong)
        {
            throw ProblemException.Content($"The form cannot be read: {wrong.Message}", wrong);
        }
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>Who changed what, and who read or asked about rows.</summary>
internal sealed class AuditEndpoints(NativeApi api)
{
    private const string Page = "page";

    public void Map(IEndpointRouteBuilder routes) => routes.Map(
        "GET", NativeApi.Root + "/audit", "readAudit", "A page of the tenant's audit log: 64 entries, each with the hash of the one before", ReadAsync)
        .Under("access").Knows(Page, "Its number, from 0, the oldest [default: the newest]", number: true).Gives<AuditLogDocument>().Wired(AskAsync);

    private async Task<AuditPage> AskAsync(HttpContext http)
    {
        Queries.Check(http.Request, Page);
        return await api.Client.Audit.PageAsync(Queries.Number(http.Request, Page, 0) ?? -1, http.RequestAborted).ConfigureAwait(false);
    }

    private async Task ReadAsync(HttpContext http)
    {
        AuditPage page = await AskAsync(http).ConfigureAwait(false);
        if (page.Lines.IsEmpty && page.Page > 0)
        {
            long newest = Math.Max(0, page.Entries - 1) / IAuditGrain.PageEntries;
            throw ProblemException.Missing($"There is no page {page.Page} of the audit log: the newest is {newest}.");
        }

        await Answers.WriteAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteNumber(Page, page.Page);
            json.WriteNumber("entries", page.Entries);
            json.WriteString("head", page.Head);
            json.WriteStartArray("items");
            foreach (string line in page.Lines)
            {
                // A line that was damaged may be no JSON; that it is not as it was is for who verifies to say.
                if (AuditChain.Open(line) is not null)
                    json.WriteRawValue(line);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Families;
using OrleansCluster.Families.Options;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>What can be trained.</summary>
internal sealed class FamilyEndpoints(NativeApi api)
{
    private const string Heading = "families", Root = NativeApi.Root + "/families";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map(
            "GET", Root, "listFamilies", "The families of models that can be trained, with their options",
            ListAsync).Under(Heading).Gives<FamilyPageDocument>();
        routes.Map(
            "GET", Root + "/{family}", "getFamily", "A family of models, and a JSON Schema of its options", FindAsync).Under(Heading).Gives<FamilyDocument>();
    }

    private async Task ListAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        await Answers.WriteAsync(
            http, new FamilyPageDocument { Items = [.. api.Families.Select(Document)] }, ApiJson.Default.FamilyPageDocument).ConfigureAwait(false);
    }

    private async Task FindAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        string name = Queries.Path(http, "family");
        FamilyDescription family = api.Families.FirstOrDefault(family => family.Name == name)
            ?? throw ProblemException.Missing($"There is no family '{name}': there are {string.Join(", ", api.Families.Select(family => family.Name))}.");
        await Answers.WriteAsync(http, Document(family), ApiJson.Default.FamilyDocument).ConfigureAwait(false);
    }

    private static FamilyDocument Document(FamilyDescription family) => new()
    {
        Name = family.Name,
        Title = family.Title,
        Part = family.Part,
        ObjectiveName = family.ObjectiveName,
        LessIsBetter = family.LessIsBetter,
        Options = OptionsJson.Schema(family),
    };
}

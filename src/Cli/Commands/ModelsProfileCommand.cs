using System.CommandLine;
using System.Text.Json;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>models profile</c>: what the clusters of a version are like.</summary>
internal static class ModelsProfileCommand
{
    private const int UsualRows = 3;

    public static Command Create()
    {
        var name = new Argument<string>("NAME[@VERSION]") { Description = "Model, and which version of it [default: the champion, else the newest]" };
        Option<int?> cluster = OptionKinds.Integer("--cluster", "Only this cluster, by its id [default: all]", 0, int.MaxValue);
        Option<int> rows = OptionKinds.Integer(
            "--rows", "How many typical, representative and doubtful rows of each cluster are told", UsualRows, 0, ProfileQuery.MostRows);
        return new Command("profile", "Say what the clusters of a version are like: what sets each apart, how its values are spread, rows that show it")
        {
            name, cluster, rows,
        }.Runs(async (context, parsed) =>
        {
            ModelReference wanted = Names.Model(parsed.GetRequiredValue(name));
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            ModelOutline model = await ModelsCommands.FindAsync(context, session.Client, wanted.Name).ConfigureAwait(false);
            VersionSummary version = ModelsCommands.Kept(ModelsCommands.Pick(model, wanted));
            var query = new ProfileQuery { Version = version.Version, Cluster = parsed.GetValue(cluster) ?? -1, Rows = parsed.GetValue(rows) };
            ClusterProfiles told = await session.Client.Models.ProfileAsync(model.Name, query, context.Cancellation).ConfigureAwait(false);
            ClusterProfilesDocument document = JsonSerializer.Deserialize(told.Document.Span, ApiJson.Default.ClusterProfilesDocument)!;
            if (context.Json)
                JsonReport.Print(json => JsonSerializer.Serialize(json, document, ApiJson.Default.ClusterProfilesDocument));
            else
                ClusterProfileOutput.Write(
                    context, document, await ClusterNames.OfAsync(session.Client, model.Name, context.Cancellation).ConfigureAwait(false));
            return ExitCode.Success;
        });
    }
}

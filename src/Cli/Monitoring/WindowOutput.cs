using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Monitoring;
using Spectre.Console;

namespace OrleansCluster.Cli.Monitoring;

/// <summary>Windows of observed rows.</summary>
internal static class WindowOutput
{
    public static void Write(CommandContext context, string model, IReadOnlyList<ObservedWindow> windows)
    {
        if (context.Json)
        {
            JsonReport.Print(json => JsonSerializer.Serialize(json, WindowDocuments.Of(model, windows), ApiJson.Default.WindowsDocument));
            return;
        }

        if (windows.Count == 0)
        {
            Terminal.Print($"Nothing was observed under {model} yet. Begin with: {context.Suggest($"monitor observe {model} --data FILE")}");
            return;
        }

        context.Terminal.Out.WriteLine();
        new Listing(
            Column.Name("window"), Column.Number("version"), Column.Word("of", leaves: 4), Column.Number("rows"),
            Column.Word("since", leaves: 2), Column.Word("until", leaves: 1),
            Column.Number("kept", leaves: 3))
            .AddAll(windows, one =>
            [
                one.Name, one.Version.ToString(CultureInfo.InvariantCulture), one.IsServed ? "questions" : "rows given",
                Numbers.Count(one.Rows), Listing.Date(one.Since), Listing.Date(one.Until),
                Numbers.Bytes(one.Bytes),
            ])
            .Write(context.Terminal.Out);
    }
}

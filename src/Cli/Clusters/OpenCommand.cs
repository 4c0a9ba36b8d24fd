using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Models;
using OrleansCluster.Pages.Frame;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Cli.Clusters;

/// <summary><c>open</c>: the pages of a home, or of a cluster, in this machine's browser.</summary>
internal static class OpenCommand
{
    public static Command Create()
    {
        var model = new Argument<string?>("MODEL[@VERSION]") { Description = "Whose page to open [default: all models]", Arity = ArgumentArity.ZeroOrOne };
        Option<int?> port = OptionKinds.Integer("--port", "Port to listen at [default: any that is free]", 0, IPEndPoint.MaxPort);
        var still = new Option<bool>("--no-browser") { Description = "Only say where, and open nothing" };
        var command = new Command("open", "Opens the pages of the home in the browser of this machine, which alone reaches them, until it is told to end")
        {
            model,
            port,
            still,
        };
        return command.Runs((context, parsed) => RunAsync(context, parsed.GetValue(model), parsed.GetValue(port) ?? 0, parsed.GetValue(still)), here: true);
    }

    private static async Task<int> RunAsync(CommandContext context, string? text, int port, bool still)
    {
        ModelReference? wanted = text is null ? null : Names.Model(text);
        await using Session session = await context.OpenAsync(stays: true, resumes: true).ConfigureAwait(false);
        string path = "";
        if (wanted is { } reference)
        {
            ModelOutline found = await ModelsCommands.FindAsync(context, session.Client, reference.Name).ConfigureAwait(false);
            path = Visit.OfModel(found.Name, version: reference.IsBare ? 0 : ModelsCommands.Pick(found, reference).Version).TrimStart('/');
        }

        var listening = new Listening(new WebOptions { Port = port }, Keys: false, Issuer: null);
        await using WebServer server = await ServeCommand.StartAsync(context, listening, session, context.Cancellation).ConfigureAwait(false);
        var page = new Uri(server.Address, path);
        if (!context.Json)
            Terminal.Print($"The page: {page}");
        if (!still && !Console.IsOutputRedirected)
            Browse(page);
        await ServeCommand.StayAsync(context, session).ConfigureAwait(false);
        return ExitCode.Success;
    }

    /// <summary>Has the desktop open an address; where there is none, or it cannot, people read where it is.</summary>
    private static void Browse(Uri page)
    {
        bool hasDesktop = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISPLAY") ?? Environment.GetEnvironmentVariable("WAYLAND_DISPLAY"));
        if (!hasDesktop)
            return;
        try
        {
            Process.Start(new ProcessStartInfo(page.AbsoluteUri) { UseShellExecute = true })?.Dispose();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            Terminal.Say($"No browser could be started ({e.Message}): open the address yourself.");
        }
    }
}

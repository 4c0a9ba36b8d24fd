using System.CommandLine;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client.Storage;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Clusters;

/// <summary><c>backup</c> and <c>restore</c>.</summary>
internal static class BackupCommands
{
    public static Command Backup()
    {
        Argument<string> file = File("The file to write; it appears whole or not at all");
        var model = new Option<string?>("--model")
        {
            Description = "Only this model, with what was observed under it and the datasets that its versions were trained on",
            HelpName = "NAME",
        };
        return new Command("backup", "Write everything, a tenant (--tenant) or a model into one file, while jobs run") { file, model }
            .Runs((context, parsed) => BackupAsync(context, parsed.GetRequiredValue(file), parsed.GetValue(model)));
    }

    public static Command Restore()
    {
        Argument<string> file = File("A file that backup wrote");
        return new Command("restore", "Bring back what a backup has, or what it has of a tenant (--tenant); what is there already under its names is refused")
        {
            file,
        }.Runs((context, parsed) => RestoreAsync(context, parsed.GetRequiredValue(file)));
    }

    private static Argument<string> File(string description) => new("FILE") { Description = description };

    private static async Task<int> BackupAsync(CommandContext context, string path, string? model)
    {
        if (model is not null)
            Names.Check("model", model);
        BackupContent content;
        long length;
        try
        {
            RemoveLeftovers(path);
            using var file = AtomicFile.Create(path);
            await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
            Stream stream = file.AsStream();
            content = await session.Backups.WriteAsync(stream, model is not null || context.TenantIsGiven ? context.Tenant : null, model, context.Cancellation)
                .ConfigureAwait(false);
            length = stream.Length;
            file.Commit();
        }
        catch (IOException e)
        {
            throw CommandException.Failure(e.Message, e);
        }

        Tell(context, content, path, length, $"Backed up {Things(content)}: {Numbers.Bytes(length)} in {path}.");
        return ExitCode.Success;
    }

    private static async Task<int> RestoreAsync(CommandContext context, string path)
    {
        BackupContent content;
        long length;
        try
        {
            using (FileStream first = Open(path))
                length = first.Length;
            await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
            content = await session.Backups.RestoreAsync(() => Open(path), path, context.TenantIsGiven ? context.Tenant : null, context.Cancellation)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Usage($"{path} cannot be read: {FileFailure.Reason(e)}", e);
        }
        catch (ClusteringException damaged) when (damaged.InnerException is InvalidDataException)
        {
            throw CommandException.Usage(damaged.Message, damaged);
        }

        string known = content.Known == 0 ? "" : $" {Numbers.Of(content.Known, "thing")} of it {(content.Known == 1 ? "was" : "were")} here already.";
        Tell(context, content, path, length, $"Restored {Things(content)} as of {content.Made:yyyy-MM-dd HH:mm:ss} UTC.{known}");
        return ExitCode.Success;
    }

    /// <summary>Removes what backups into this file left that were killed. Another one that is under way keeps its own.</summary>
    private static void RemoveLeftovers(string path)
    {
        foreach (string file in AtomicFile.Abandoned(path))
        {
            try
            {
                System.IO.File.Delete(file);
                Terminal.Say($"removed {file}: a backup that did not come to its end had left it");
            }
            catch (UnauthorizedAccessException)
            {
                Terminal.Say($"{file} is of a backup that did not come to its end, and may not be removed here: remove it");
            }
        }
    }

    private static FileStream Open(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.Read,
        BufferSize = 1 << 20,
        Options = FileOptions.SequentialScan,
    });

    private static string Things(BackupContent content) =>
        $"{Numbers.Of(content.Datasets, "dataset")}, {Numbers.Of(content.Models, "model")} and {Numbers.Of(content.Jobs, "job")} of "
            + Numbers.Of(content.Tenants.Length, "tenant");

    private static void Tell(CommandContext context, BackupContent content, string path, long length, string text)
    {
        if (!context.Json)
        {
            Terminal.Print(text);
            return;
        }

        JsonReport.Print(json =>
        {
            json.WriteStartObject();
            json.WriteString("file", path);
            json.WriteNumber("bytes", length);
            json.WriteString("made", content.Made);
            json.WriteStartArray("tenants");
            foreach (string tenant in content.Tenants)
                json.WriteStringValue(tenant);
            json.WriteEndArray();
            json.WriteNumber("datasets", content.Datasets);
            json.WriteNumber("models", content.Models);
            json.WriteNumber("jobs", content.Jobs);
            json.WriteNumber("blobs", content.Blobs);
            json.WriteNumber("known", content.Known);
            json.WriteEndObject();
        });
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Tests;

namespace OrleansCluster.EndToEnd.Tests;

/// <summary>Commands that change what is stored, killed at any moment: each has happened or has not, nothing is lost, and nothing is half visible.</summary>
public sealed class CareCrashTests
{
    private const int Rows = 120_000, Columns = 4, MostVersions = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>What the dataset has: the manifests of its versions by their numbers.</summary>
    private readonly SortedDictionary<int, string> _versions = [];

    /// <summary>Kinds of entries of the audit log that tell what becomes of a dataset.</summary>
    private static readonly string[] Changes = ["dataset.commit", "dataset.append", "dataset.delete", "dataset.compact"];

    private readonly Dictionary<string, TimeSpan> _takes = [];
    private readonly Dictionary<string, int> _killed = [];
    private readonly Workspace _work = ClusterProgram.NewWorkspace();
    private int _pieces, _told;

    [Fact]
    public async Task Whatever_is_killed_has_happened_or_has_not()
    {
        int kills = Number("CLUSTERING_CARE_KILLS", 0), seed = Number("CLUSTERING_KILL_SEED", Environment.TickCount);
        Assert.SkipWhen(kills == 0, "CLUSTERING_CARE_KILLS says how many commands are killed.");
        TestContext.Current.SendDiagnosticMessage($"CLUSTERING_KILL_SEED={seed}");
        var random = new Random(seed);
        using Workspace work = _work;
        work.Write("rows.csv", Blobs.Make(Rows, Columns, 30, seed: 3, spread: 3));
        string[] kinds = ["import", "append", "delete", "collect", "compact", "backup"];
        for (int killed = 0, turn = 0; killed < kills; turn++)
        {
            string what = kinds[turn % kinds.Length];
            await PrepareAsync(what);
            // Once undisturbed, which tells how long it takes.
            bool isKilled = _takes.ContainsKey(what) && await RunAsync(what, random.NextDouble());
            if (!_takes.ContainsKey(what))
                await RunAsync(what, null);
            if (isKilled)
            {
                killed++;
                _killed[what] = _killed.GetValueOrDefault(what) + 1;
            }

            await CheckAsync($"{what} in turn {turn}, CLUSTERING_KILL_SEED={seed}");
        }

        TestContext.Current.SendDiagnosticMessage(string.Join(", ", _killed.Select(pair => $"{pair.Key}: {pair.Value}")));
        await BackupComesBackAsync();
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>Has there be something to do.</summary>
    private async Task PrepareAsync(string what)
    {
        if (_versions.Count == 0 || (what == "delete" && _versions.Count < 2) || what == "compact")
        {
            if (_versions.Count == 0)
                await _work.JsonAsync("datasets", "import", "rows", "rows.csv");
            await _work.JsonAsync("datasets", "append", "rows", NextPiece());
            await LookAsync();
        }
        else if (_versions.Count > MostVersions)
        {
            await _work.JsonAsync("datasets", "delete", $"rows@{Of(_versions.Keys.First())}", "--yes");
            await LookAsync();
        }

        if (what == "collect")
        {
            foreach (string file in Directory.GetFiles(Path.Combine(_work.Home, "blobs"), "*", SearchOption.AllDirectories))
                File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromDays(3));
        }
    }

    /// <summary>Runs a command, to its end or to a share of the time that it takes.</summary>
    /// <returns>Whether it was killed before its end.</returns>
    private async Task<bool> RunAsync(string what, double? share)
    {
        string[] arguments = what switch
        {
            "import" => ["datasets", "import", "rows", NextRows()],
            "append" => ["datasets", "append", "rows", NextPiece()],
            "delete" => ["datasets", "delete", $"rows@{Of(_versions.Keys.First())}", "--yes"],
            "collect" => ["storage", "collect", "--older-than", "1h"],
            "compact" => ["datasets", "compact", "rows"],
            _ => ["backup", _work.At("all.ocb")],
        };
        var taken = Stopwatch.StartNew();
        using RunningProgram program = _work.StartJson(arguments);
        if (share is { } part)
        {
            // The moment is the point of this test: anywhere from the first instant to a little behind the usual end.
            await Task.Delay(1.1 * part * _takes[what]);
            if (program.HasEnded)
                share = null;
            else
                program.Kill();
        }

        Outcome outcome = await program.EndAsync(Patience);
        bool killed = share is not null && outcome.ExitCode != 0;
        if (!killed)
            outcome.ExitCode.ShouldBe(0, outcome.Error);
        _takes.TryAdd(what, taken.Elapsed);
        await HappenedOrNotAsync(what, killed);
        return killed;
    }

    /// <summary>What was there before is there as it was, but for what the command was to change, all of it or nothing.</summary>
    private async Task HappenedOrNotAsync(string what, bool killed)
    {
        SortedDictionary<int, string> before = new(_versions);
        int told = _told;
        await LookAsync();
        int[] gone = [.. before.Keys.Except(_versions.Keys)], come = [.. _versions.Keys.Except(before.Keys)];
        before.Keys.Intersect(_versions.Keys).ShouldAllBe(version => before[version] == _versions[version]);
        switch (what)
        {
            case "import" or "append":
                gone.ShouldBeEmpty();
                come.Length.ShouldBeInRange(killed ? 0 : 1, 1);
                break;
            case "delete":
                come.ShouldBeEmpty();
                gone.ShouldBeSubsetOf([before.Keys.First()]);
                break;
            case "compact":
                come.ShouldBeEmpty();
                // All that could go or none of them: a second time finds nothing, or what the first would have.
                JsonElement left = await _work.JsonAsync("datasets", "compact", "rows", "--dry-run");
                if (gone.Length > 0)
                    left.GetProperty("versions").GetArrayLength().ShouldBe(0);
                break;
            default:
                (gone.Length, come.Length).ShouldBe((0, 0));
                break;
        }

        if (gone.Length + come.Length > 0)
            _told.ShouldBeGreaterThan(told, $"{what} has happened, and the audit log does not tell it");
    }

    private async Task LookAsync()
    {
        _versions.Clear();
        foreach (JsonElement entry in (await _work.JsonAsync("datasets", "describe", "rows")).GetProperty("history").EnumerateArray())
        {
            if (!entry.TryGetProperty("deleted", out _))
                _versions.Add(entry.GetProperty("version").GetInt32(), entry.GetProperty("manifest").GetString()!);
        }

        await _work.JsonAsync("audit", "export", "--out", "log.jsonl");
        _told = File.ReadLines(_work.At("log.jsonl")).Count(line => Changes.Any(change => line.Contains($"\"{change}\"", StringComparison.Ordinal)));
    }

    private async Task CheckAsync(string when)
    {
        Outcome outcome = await _work.RunAsync("datasets", "verify");
        outcome.ExitCode.ShouldBe(0, $"{when}: {outcome.Output}{outcome.Error}");
    }

    /// <summary>The file that is there now is a backup, and nothing of others is left beside it.</summary>
    private async Task BackupComesBackAsync()
    {
        await _work.JsonAsync("backup", _work.At("all.ocb"));
        Directory.GetFiles(_work.Folder, "all.ocb*").ShouldBe([_work.At("all.ocb")]);
        using Workspace other = ClusterProgram.NewWorkspace();
        await other.JsonAsync("restore", _work.At("all.ocb"));
        (await other.RunAsync("datasets", "verify")).Succeeded();
        (await _work.RunAsync("audit", "verify")).Succeeded();
        (await other.JsonAsync("datasets", "show", "rows")).GetProperty("manifest").GetString().ShouldBe(_versions.Values.Last());
    }

    /// <summary>Some more rows.</summary>
    private string NextPiece() => _work.Write("more.csv", Blobs.Make(500, Columns, 30, seed: 10 + ++_pieces, spread: 3));

    /// <summary>All rows, of which the last is another each time, so that the version is.</summary>
    private string NextRows()
    {
        File.Copy(_work.At("rows.csv"), _work.At("other.csv"), overwrite: true);
        File.AppendAllText(_work.At("other.csv"), string.Join(',', Enumerable.Repeat(Of(++_pieces), Columns)) + "\n");
        return "other.csv";
    }

    private static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Collections.Immutable;
using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Grains.Tests.Preparation;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Grains.Tests.Monitoring;

/// <summary>Rows that a model which prepares them is asked about, observed in the table's own columns and compared with those that it was trained on.</summary>
public sealed class DriftTests(SharedCluster shared)
{
    private const int Age = 0, Country = 2, Joined = 4;

    private readonly SharedCluster.Tenant _tenant = shared.NewTenant();

    [Fact]
    public async Task Rows_like_the_training_rows_have_not_drifted_and_others_are_named_by_their_columns()
    {
        ClusteringClient client = await TrainedAsync(rows: 4000);
        double[] same = PreparedTable.Values(1500, seed: 2);
        Observation seen = await ObserveAsync(client, same);
        (seen.Version, seen.Rows).ShouldBe((1, 1500));
        DriftDocument report = await CompareAsync(client, seen);
        (report.Drifted, report.EnoughRows, report.Observed.Rows, report.Reference.Rows).ShouldBe((false, true, 1500, 4000), string.Join("; ", report.Causes));
        report.Columns.Select(column => (column.Name, column.Type)).ShouldBe(PreparedTable.Names.Zip(PreparedTable.Types));
        // One value of 40 is missing, before and now.
        report.Columns[Age].Missing.Before.ShouldBe(1.0 / 40, 0.01);
        report.Columns[Age].Mean!.Value.ShouldBe(Present(same, Age).Average(), 1e-9);
        report.ClusterShares.Sum(share => share.Rows).ShouldBe(1500);
        report.ClusterShifts.Select(shift => (shift.Cluster, shift.Rows)).ShouldBe(report.ClusterShares.Select(share => (share.Cluster, share.Rows)));
        report.ClusterShifts.ShouldAllBe(shift => shift.EnoughRows && !shift.Drifted && shift.Shifts.Length == report.ShiftColumns.Length);
        report.Fits.Select(fit => (fit.Name, fit.Drifted, fit.RowsBefore)).ShouldBe(
            [("inertia_per_row", false, 4000), ("simplified_silhouette", false, 1025)]);
        // What training made least is the sum over its rows.
        double objective = (await client.Models.VersionAsync("m", 1))!.Training.Objective;
        report.Fits[0].MeanBefore!.Value.ShouldBe(objective / 4000, 1e-9 * objective);

        // Years have passed, the elder stay away, and a country is new.
        double[] other = PreparedTable.Values(1500, seed: 3);
        for (int i = 0; i < other.Length; i += 5)
        {
            other[i + Joined] += 5 * 365 * 86_400.0;
            other[i + Age] = other[i + Age] > 60 ? double.NaN : other[i + Age];
        }

        report = await CompareAsync(client, await ObserveAsync(client, other, ["BR", .. PreparedTable.Countries[1..]]));
        report.Drifted.ShouldBeTrue();
        report.Columns.Where(column => column.Drifted).Select(column => column.Name).ShouldBe(["age", "country", "joined"]);
        (report.Columns[Age].Missing.Drifted, report.Columns[Country].Outside.Drifted, report.Columns[Joined].Moved).ShouldBe((true, true, true));
        double unseen = Present(other, Country).Count(place => place == 0) / (double)Present(other, Country).Length;
        report.Columns[Country].Outside.Now.ShouldBe(unseen, 1e-12);
        // Ages above sixty have become missing, which is imputed: within clusters rows are elsewhere.
        report.ClusterShifts.ShouldContain(shift => shift.Drifted);
        report.Causes.ShouldContain(cause => cause.Contains("the mean of its rows moved", StringComparison.Ordinal));
        report.Causes.ShouldContain(cause => cause.Contains("'country'", StringComparison.Ordinal) && cause.Contains("had not", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_few_rows_are_not_judged_and_thresholds_that_make_no_sense_are_refused()
    {
        ClusteringClient client = await TrainedAsync(rows: 600);
        Observation few = await ObserveAsync(client, [.. PreparedTable.Values(50, seed: 2).Select((value, i) => i % 5 == Age ? value + 1000 : value)]);
        DriftDocument report = await CompareAsync(client, few);
        (report.EnoughRows, report.Drifted, report.Columns[Age].Drifted).ShouldBe((false, false, false));
        (await CompareAsync(client, few, new DriftThresholds { MinimumRows = 50 })).Columns[Age].Drifted.ShouldBeTrue();
        foreach (DriftThresholds wrong in new DriftThresholds[] { new() { Alpha = 1 }, new() { Share = 0 }, new() { MinimumRows = 0 },
            new() { ClusterShift = 0 }, new() { ClusterRows = 0 } })
            await Should.ThrowAsync<ClusteringException>(CompareAsync(client, few, wrong));
        await Should.ThrowAsync<ClusteringException>(CompareAsync(client, few with { Counts = few.Counts[..^1] }));
    }

    [Fact]
    public async Task What_was_observed_is_kept_in_windows_once_however_often_it_is_told_and_windows_compare()
    {
        ClusteringClient client = await TrainedAsync(rows: 600);
        IMonitorGrain monitor = _tenant.Grain<IMonitorGrain>("m");
        Observation one = await ObserveAsync(client, PreparedTable.Values(300, seed: 2));
        Observation other = await ObserveAsync(client, PreparedTable.Values(200, seed: 3));
        (await monitor.Keep(new WindowPart { Id = "a", Window = "w1", Observation = one })).Rows.ShouldBe(300);
        (await monitor.Keep(new WindowPart { Id = "b", Window = "w1", Observation = other })).Rows.ShouldBe(500);
        (await monitor.Keep(new WindowPart { Id = "a", Window = "w1", Observation = one })).Rows.ShouldBe(500);
        ObservedWindow second = await client.Monitor.KeepAsync("m", "w2", one);
        (second.Name, second.Rows).ShouldBe(("w2", 300));
        (await client.Monitor.KeepAsync("m", "", one)).Name.ShouldMatch(@"^\d{4}-\d\d-\d\d$");
        (await client.Monitor.WindowsAsync("m")).Select(window => window.Rows).ShouldBe([500, 300, 300]);
        DriftDocument report = Read(await client.Monitor.CompareAsync("m", new DriftQuery { Version = 1, Window = "w1", Against = "w2" }));
        (report.Observed.Name, report.Observed.Rows, report.Reference.Name, report.Reference.Rows, report.Drifted).ShouldBe(("w1", 500, "w2", 300, false));
        // The same rows in one go and in two have the same counts.
        double[] all = [.. PreparedTable.Values(300, seed: 2), .. PreparedTable.Values(200, seed: 3)];
        DriftDocument whole = await CompareAsync(client, await ObserveAsync(client, all));
        DriftDocument parts = Read(await client.Monitor.CompareAsync("m", new DriftQuery { Version = 1, Window = "w1" }));
        parts.ClusterShifts.Select(shift => (shift.Cluster, shift.Rows, shift.Size, shift.P)).ShouldBe(
            whole.ClusterShifts.Select(shift => (shift.Cluster, shift.Rows, shift.Size, shift.P)));
        parts.Fits.Select(fit => (fit.Name, fit.Rows, fit.Mean, fit.P)).ShouldBe(whole.Fits.Select(fit => (fit.Name, fit.Rows, fit.Mean, fit.P)));
        report.Fits.ShouldAllBe(fit => fit.RowsBefore == 300 && !fit.Drifted);
        parts.Columns.Select(column => (column.ChiSquare, column.Missing.Now)).ShouldBe(whole.Columns.Select(column => (column.ChiSquare, column.Missing.Now)));
        (await Should.ThrowAsync<ClusteringException>(client.Monitor.CompareAsync("m", new DriftQuery { Version = 1, Window = "w3" })))
            .Message.ShouldContain("w1, w2");
        await Should.ThrowAsync<ClusteringException>(client.Monitor.KeepAsync("m", "no/name", one));
        await Should.ThrowAsync<ClusteringException>(client.Monitor.KeepAsync("m", "w9", one with { Counts = new byte[] { 1, 2 } }));
    }

    [Fact]
    public async Task The_profile_tells_the_columns_of_rows_before_they_are_prepared()
    {
        ClusteringClient client = await TrainedAsync(rows: 600);
        double[] values = PreparedTable.Values(600);
        ReadOnlyMemory<byte> bytes = (await client.Models.PackageAsync("m", 1))!.Profile;
        ColumnProfileDocument[] inputs = JsonSerializer.Deserialize(bytes.Span, ContractJson.Default.ProfileFile)!.Profile.Inputs!;
        inputs.Select(input => input.Name).ShouldBe(PreparedTable.Names);
        for (int j = 0; j < 5; j++)
        {
            double[] present = Present(values, j);
            (inputs[j].Missing, inputs[j].Counts.Sum()).ShouldBe((600 - present.Length, present.Length));
            inputs[j].Mean.ShouldBe(present.Average(), 1e-9 * Math.Abs(present.Average()));
        }

        inputs[Country].Categories.ShouldBe(PreparedTable.Countries);
        inputs[Country].Counts.ShouldBe(Enumerable.Range(0, 5).Select(place => Present(values, Country).LongCount(value => value == place)));
    }

    private async Task<ClusteringClient> TrainedAsync(int rows)
    {
        ClusteringClient client = _tenant.Client();
        await PreparedTable.Import(client, "people", PreparedTable.Values(rows));
        await client.Train(PreparedTable.Request("people", "m", "impute=median,scale=standard:age+income,onehot=country:3,cycle=hour:joined"));
        return client;
    }

    private static Task<Observation> ObserveAsync(ClusteringClient client, double[] values, ImmutableArray<string>? countries = null) =>
        client.Monitor.ObserveAsync("m", new ObserveQuery { Version = 1, Rows = PreparedTable.Question(values, countries ?? PreparedTable.Countries) });

    private static async Task<DriftDocument> CompareAsync(ClusteringClient client, Observation seen, DriftThresholds? thresholds = null) =>
        Read(await client.Monitor.CompareAsync("m", new DriftQuery { Version = 1, Counts = seen.Counts, Thresholds = thresholds ?? new() }));

    private static DriftDocument Read(DriftReport report) => JsonSerializer.Deserialize(report.Document.Span, ApiJson.Default.DriftDocument)!;

    private static double[] Present(double[] values, int column) => [.. values.Chunk(5).Select(row => row[column]).Where(value => !double.IsNaN(value))];
}

using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Models;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Tests;

/// <summary>Models, jobs and datasets to tell of, with names and numbers as long as people have them.</summary>
internal static class Samples
{
    public const string LongName = "customers-europe-north-and-south-2026";
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static TrainingReport Report(string model, int version, double objective, params int[] clusters) => new()
    {
        Job = "ny2k3zuf9k",
        Model = model,
        Version = version,
        Dataset = model,
        DatasetVersion = version,
        Rows = 1_234_567,
        Columns = ["longitude", "latitude"],
        Options = new KMeansOptions { K = clusters.Length, Seed = 18446744073709551615, Restarts = 10 },
        K = clusters.Length,
        Threads = 2,
        Stop = "tolerance",
        Objective = objective,
        ObjectiveName = "inertia",
        Iterations = [],
        Restarts = [.. Enumerable.Range(0, 10)
            .Select(restart => new RestartRecord { Restart = restart, Iterations = 2, Objective = objective + restart, Stop = "tolerance" })],
        Clusters = [.. clusters.Select((cluster, i) =>
            new ClusterRecord { Label = cluster, Size = 1000 * (i + 1), Weight = 1000 * (i + 1), Spread = 27.1549 / (i + 1) })],
        Warnings = ["Restart 3: 2 empty clusters were given the rows farthest from their centres in iteration 1."],
        InitSeconds = 0.1,
        IterateSeconds = 0.2,
        TotalSeconds = 0.3,
        MemoryPeakBytes = 1 << 27,
        Digest = new string('a', 64),
        Code = "",
    };

    /// <summary>k-means' choice among 2 to 12 clusters, with a criterion's infinite and missing values.</summary>
    public static TrainingReport Choice() => Report("choice", 1, 1_408_778.354868, 0, 1) with
    {
        Options = new KMeansOptions { K = 2, LargestK = 12, Select = "silhouette" },
        Selection =
        [
            .. Enumerable.Range(2, 11).Select(k => new TrialRecord
            {
                K = k,
                Value = 1.0 / k,
                Start = k % 4,
                Objective = 1_408_778.354868 / k,
                Criteria =
                [
                    new CriterionRecord { Name = "silhouette", Value = 1.0 / k, StandardError = 0.0081, MoreIsBetter = true },
                    new CriterionRecord { Name = "calinski-harabasz", Value = k == 12 ? double.PositiveInfinity
                        : 656.061 * k, StandardError = double.NaN, MoreIsBetter = true },
                    new CriterionRecord { Name = "davies-bouldin", Value = k == 3 ? double.NaN : 0.685604, StandardError = double.NaN, MoreIsBetter = false },
                    new CriterionRecord { Name = "elbow", Value = 0.1 * k, StandardError = double.NaN, MoreIsBetter = true },
                ],
            }),
        ],
    };

    private static VersionFacts Facts(TrainingReport report) => new()
    {
        Family = report.Options.Family,
        K = report.K,
        Job = report.Job,
        Dataset = report.Dataset,
        DatasetVersion = report.DatasetVersion,
        Rows = report.Rows,
        Objective = report.Objective,
        ObjectiveName = report.ObjectiveName,
        Seed = report.Options.Seed,
        Restarts = report.Restarts.Length,
        Digest = report.Digest,
    };

    public static ModelOutline Model(string name, params ClusterNote[] notes) => new()
    {
        Name = name,
        Versions =
        [
            .. Enumerable.Range(1, 3).Select(version => new VersionSummary
            {
                Name = name, Version = version, Facts = Facts(Report(name, version, 438_178.626176 / version, 0, 1, 2, 3, 4, 5)), Created = Noon,
                Description = version == 2 ? "the one that the whole team agreed on" : "", Tags = [new ModelTag { Key = "reviewed", Value = "yes" }],
            }),
        ],
        Columns = ["longitude", "latitude"],
        Info = new ModelInfo
        {
            Name = name,
            Revision = 7,
            Newest = 3,
            Default = 2,
            Description = "",
            Tags = [],
            Clusters = [.. notes],
            NextCluster = 6,
            Aliases = [new ModelAlias { Name = "champion", Version = 2, Earlier = [], Since = Noon, By = "ann" },
                new ModelAlias { Name = "production", Version = 1, Earlier = [], Since = Noon, By = "ann" }],
        },
    };

    public static ImmutableArray<ModelEvent> Events =>
    [
        new ModelEvent { Revision = 7, At = Noon, By = "annabelle.longname", Kind = ModelEvents.AliasSet, Subject = "champion", Version = 2, Before = 1,
            Reason = "the whole team agreed on it after looking at the pictures" },
        new ModelEvent { Revision = 6, At = Noon, By = "bo", Kind = ModelEvents.ClusterNamed, Subject = "4", Detail = "日本と韓国の都市" },
        new ModelEvent { Revision = 1, At = Noon, By = "", Kind = ModelEvents.Published, Version = 1, Subject = "ny2k3zuf9k" },
    ];

    public static JobStatus Job(string model, JobState state) => new()
    {
        Id = "ny2k3zuf9k",
        State = state,
        Model = model,
        Dataset = model,
        DatasetVersion = 12,
        Rows = 1_234_567,
        Phase = "iterate",
        Created = Noon,
        K = 2,
        LargestK = 12,
        CurrentK = 3,
        Restart = 5,
        Restarts = 44,
        Iteration = 7,
        Objective = 1_408_778.354868,
        Best = 789_527.123456,
        Version = state == JobState.Succeeded ? 3 : 0,
    };

    public static DatasetVersion Dataset(string name) => new()
    {
        Tenant = "default",
        Name = name,
        Version = 12,
        Rows = 1_234_567,
        Columns = [new ColumnInfo { Name = "longitude", Minimum = -177.367, Maximum = 179.217, Mean = 2.5 }],
        Precision = "f8",
        Manifest = new string('b', 64),
        Shards = 19,
        Created = Noon,
        Source = "/data/warehouse/exports/2026/03/customers.csv.gz",
        Bytes = 123_456_789,
    };
}

using System.Runtime.InteropServices;
using OrleansCluster.Serving;

namespace OrleansCluster.Web.Tests;

/// <summary>A model of numbers, texts, yes and no and times with gaps, and rows to ask it about.</summary>
internal static class Visitors
{
    public const string Steps = "impute=median,scale=standard,onehot=country:2,cycle=month";

    /// <summary>The rows as a table: gaps, a category that nobody knows, blanks and a time with fractions and a zone.</summary>
    public const string Csv = "joined,shoe,country,age,member,spent\n2025-07-01,44,DE,22,no,35.00\n2025-12-20T23:59:59.5+01:00,39,BR,50,yes,\n"
        + ",41,,71,,95.5\n2024-02-29 12:30,40,\" FR \",NA,true,-1.25e1\n";

    /// <summary>The rows as they reach a model, made by hand.</summary>
    public static RowsPayload Rows { get; } = new()
    {
        Precision = "f8",
        Columns = 5,
        Values = MemoryMarshal.AsBytes<double>(
        [
            22, 35, 0, 0, Seconds(2025, 7, 1),
            50, double.NaN, 1, 1, Seconds(2025, 12, 20) + (22 * 3600) + (59 * 60) + 59.5,
            71, 95.5, double.NaN, double.NaN, double.NaN,
            double.NaN, -12.5, 2, 1, Seconds(2024, 2, 29) + (12 * 3600) + (30 * 60),
        ]).ToArray(),
        Types =
        [
            new TypedColumn { Name = "age", Type = "number" }, new TypedColumn { Name = "spent", Type = "number" },
            new TypedColumn { Name = "country", Type = "category", Categories = ["DE", "BR", "FR"] },
            new TypedColumn { Name = "member", Type = "boolean" }, new TypedColumn { Name = "joined", Type = "datetime" },
        ],
    };

    /// <summary>Trains the model.</summary>
    public static async Task<string> TrainAsync(Service service, string family)
    {
        string model = service.Name("v");
        (await service.PostAsync(
            $"/api/v1/datasets/{model}?id_column=visitor", await File.ReadAllBytesAsync(Service.InRepository("samples/visitors/visitors.csv")), "text/csv"))
            .Succeeded();
        var job = await service.TrainAsync(
            $$"""
            {"family": "{{family}}", "dataset": "{{model}}", "preparation": "{{Steps}}", "options": {"k": 3, "restarts": 2{{(family == "gmm"
                ? ", \"covariance\": \"diag\"" : "")}} } }
            """);
        job.GetProperty("state").GetString().ShouldBe("succeeded", job.GetProperty("error").GetString());
        return model;
    }

    private static double Seconds(int year, int month, int day) => new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
}

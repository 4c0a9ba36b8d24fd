using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Preparation;

/// <summary>A table of numbers, texts and times with missing values, and what trains on it.</summary>
internal static class PreparedTable
{
    public const string Steps = "impute=median,clip=0.01:age,scale=standard:age+income,onehot=country:3,cycle=hour:joined,pca=0.99";

    public static readonly ImmutableArray<string> Names = ["age", "income", "country", "member", "joined"],
        Types = ["number", "number", "category", "boolean", "datetime"];

    public static readonly ImmutableArray<string> Countries = ["DE", "FR", "US", "IT", "ES"];

    /// <summary>Rows of three kinds, with a value missing now and then; always the same.</summary>
    public static double[] Values(int rows, int seed = 1)
    {
        var random = new Random(seed);
        var values = new double[rows * 5];
        for (int i = 0; i < rows; i++)
        {
            int kind = random.Next(3);
            double[] row = [20 + (25 * kind) + (8 * random.NextDouble()), (kind == 1 ? 80_000 : 30_000) + (9_000 * random.NextDouble()),
                (kind + random.Next(3)) % 5, random.Next(2), 1e9 + Math.Floor(7e8 * random.NextDouble())];
            for (int j = 0; j < 5; j++)
                values[(5 * i) + j] = random.Next(40) == 0 ? double.NaN : row[j];
        }

        return values;
    }

    public static async Task<DatasetVersion> Import(IClusteringClient client, string name, double[] values)
    {
        await using IDatasetImport import = await client.Datasets.ImportAsync(
            new DatasetSchema { Name = name, Columns = Names, Precision = "f8", Source = "test", Types = Types });
        await import.AppendAsync(MemoryMarshal.AsBytes<double>(values).ToArray(), default, []);
        await import.AddCategoriesAsync(2, 0, Countries);
        return await import.CommitAsync();
    }

    public static TrainingRequest Request(string dataset, string model, string preparation = Steps) => new()
    {
        Dataset = dataset,
        Model = model,
        Preparation = preparation,
        Options = new KMeansOptions { K = 3, Restarts = 2, Seed = 7, Tolerance = 0, MaxIterations = 30 },
    };

    /// <summary>Rows as a question, whose list of countries is its own.</summary>
    public static RowsPayload Question(double[] values, ImmutableArray<string> countries) => new()
    {
        Precision = "f8",
        Columns = 5,
        Values = MemoryMarshal.AsBytes<double>(values).ToArray(),
        Types = [.. Names.Select((name, column) => new TypedColumn { Name = name, Type = Types[column], Categories = column == 2 ? countries : [] })],
    };

    public static ImmutableArray<RowColumn> Columns(ImmutableArray<string> countries) =>
        [.. Names.Select((name, column) => new RowColumn(name, RowColumn.TypeOf(Types[column])!.Value) { Categories = column == 2 ? countries : [] })];
}

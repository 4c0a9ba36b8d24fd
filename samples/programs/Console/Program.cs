// Imports rows from memory, trains, and asks about new ones. Begin ./cluster serve, and then: dotnet run --project samples/programs/Console [URL]
using System.Globalization;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Training;

var address = new Uri(args.Length > 0 ? args[0] : "http://127.0.0.1:8080");
using var client = new ClusteringClient(address, Environment.GetEnvironmentVariable("ORLEANSCLUSTER_KEY"));

// Rows: heights and weights of two kinds of dogs.
double[,] dogs = { { 24, 7 }, { 26, 8 }, { 25, 7.5 }, { 70, 42 }, { 68, 40 }, { 72, 45 } };
var schema = new DatasetSchema { Name = "dogs", Columns = ["height", "weight"], Precision = "f8", Source = "a sample" };
await using (IDatasetImport import = await client.Datasets.ImportAsync(schema))
{
    await import.AppendAsync(RowsPayloads.Of(dogs).Values, weights: default, ids: []);
    DatasetVersion rows = await import.CommitAsync();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"dataset {rows.Name} version {rows.Version}, {rows.Rows} rows"));
}

// A training answers at once; its progress comes until it has ended.
string job = await client.Jobs.StartAsync(new TrainingRequest { Dataset = "dogs", Model = "dogs", Options = new KMeansOptions { K = 2, Restarts = 5 } });
await foreach (ProgressPage page in client.Jobs.WatchAsync(job))
{
    if (page.Status.State is JobState.Failed or JobState.Cancelled or JobState.Interrupted)
        throw new InvalidOperationException($"The training ended as {page.Status.State.Word()}: {page.Status.Error}");
}

// Which cluster is a new dog in?
var assigner = new RowAssigner(client.Models, "dogs");
foreach ((string name, double height, double weight) in new[] { ("Bella", 23.0, 6.5), ("Rex", 71.0, 41.0) })
{
    RowAssignment answer = await assigner.AssignAsync([height, weight]);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: cluster {answer.Cluster}, {answer.Distance:0.00} from its centre"));
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Monitoring;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Iterations_rows_versions_and_assignments_are_counted_by_tenant_and_model()
    {
        // The meter is the process's own, so this test knows its numbers by a model name that no other test uses.
        const string Model = "only-in-telemetry";
        var sums = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == TelemetryNames.Cluster)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(sums, instrument.Name, value, tags, Model));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(sums, instrument.Name + "#", 1, tags, Model));
        listener.Start();
        var spans = new ConcurrentQueue<Activity>();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TelemetryNames.Cluster,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(activities);

        using var home = new TemporaryHome();
        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path }))
        {
            ClusteringClient client = cluster.Client("tenant1");
            float[] values = Rows.Clouds(1000);
            await client.Import("points", values);
            TrainingReport report = await client.Train(Rows.Request("points", Model));
            await client.Models.AssignAsync(Model, 0,
                new RowsPayload { Precision = "f4", Columns = 2, Values = MemoryMarshal.AsBytes(values.AsSpan(0, 60)).ToArray() });

            listener.RecordObservableInstruments();
            int iterations = report.Restarts.Sum(restart => restart.Iterations);
            sums["cluster.training.iterations"].ShouldBe(iterations);
            sums["cluster.training.rows"].ShouldBe(iterations * 1000);
            sums["cluster.training.iteration.duration#"].ShouldBe(iterations);
            sums["cluster.models.published"].ShouldBe(1);
            sums["cluster.serving.rows"].ShouldBe(30);
            sums["cluster.serving.duration#"].ShouldBe(1);
        }

        Activity[] mine = [.. spans.Where(span => Equals(span.GetTagItem("model"), Model))];
        mine.Select(span => span.OperationName).ShouldBe(["train", "assign"], ignoreOrder: true);
        // Other tests of this process read state, too; that of a training that did not exist is of this one, and is read once.
        spans.ShouldContain(span => span.OperationName == "state.read" && Equals(span.GetTagItem("state"), "ModelState")
            && Equals(span.GetTagItem("found"), false));
        mine.ShouldAllBe(span => Equals(span.GetTagItem("tenant"), "tenant1") && Equals(span.GetTagItem("model_version"), 1));
    }

    private static void Note(ConcurrentDictionary<string, double> sums, string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags,
        string model)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag.Key == "model" && Equals(tag.Value, model))
                sums.AddOrUpdate(name, value, (_, sum) => sum + value);
        }
    }
}

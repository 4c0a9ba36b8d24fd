using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Grains.Tests.Training;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Grains.Tests.Monitoring;

/// <summary>What a silo holds of a version that it observes, as the collector counts it.</summary>
[Collection(nameof(Alone))]
public sealed class ObservationMemoryTests(SharedCluster shared)
{
    private const int Columns = 64, Clusters = 64, Copies = 12;

    private readonly SharedCluster.Tenant _tenant = shared.NewTenant();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Of_64_columns_and_64_clusters_a_version_holds_at_most_256_kilobytes_with_its_reference()
    {
        ClusteringClient client = _tenant.Client();
        float[] values = Rows.Clouds(4096, Columns, Clusters);
        await client.Import("d", values, Columns);
        await client.Train(Rows.Request("d", "m", Clusters, restarts: 1));
        ModelPackage package = (await client.Models.PackageAsync("m", 1))!;
        PackageDocument document = PackageEncoding.Decode(package.Manifest.ToArray());
        ProfileDocument profile = JsonSerializer.Deserialize(package.Profile.Span, ContractJson.Default.ProfileFile)!.Profile;
        profile.Centred!.Length.ShouldBe(Clusters);
        // As many as a sample holds, half of them far beyond all clusters, so that as many are kept as may be, and sums have many digits.
        double[] asked = [.. values.Take(ServedObservations.SampleBytes / sizeof(double))
            .Select((value, i) => (value * (i / Columns % 2 == 0 ? 1 : 300)) + (i % 13 / 70.0))];
        var question = new RowsPayload { Precision = "f8", Columns = Columns, Values = MemoryMarshal.AsBytes<double>(asked).ToArray() };
        await HoldAsync(question);

        var held = new List<object>();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Copies; i++)
            held.Add(ReferenceProfile.Of(document, profile));
        long reference = (GC.GetTotalMemory(forceFullCollection: true) - before) / Copies;
        before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Copies; i++)
            held.Add(await HoldAsync(question));
        long observed = (GC.GetTotalMemory(forceFullCollection: true) - before) / Copies;
        GC.KeepAlive(held);
        TestContext.Current.TestOutputHelper?.WriteLine($"reference {reference} bytes, sample and window {observed} bytes");
        reference.ShouldBeGreaterThan(3 * Columns * Clusters * sizeof(float));
        observed.ShouldBeGreaterThan(ServedObservations.SampleBytes);
        (reference + observed).ShouldBeLessThan(256 << 10);
    }

    /// <summary>A silo's observations of one version: those of a minute counted, and the sample that follows full.</summary>
    private async Task<ServedObservations> HoldAsync(RowsPayload question)
    {
        var observations = new ServedObservations(
            _tenant.Grains, _tenant.Silo, _time, Options.Create(new ObservingOptions { Observe = true }), NullLogger<ServedObservations>.Instance);
        for (int second = 0; second < 60; second += 5)
        {
            observations.Note(GrainKeys.For(_tenant.Name, "m"), 1, Columns * Clusters, question);
            (await observations.FlushAsync(all: false)).ShouldBeNull();
        }

        observations.Note(GrainKeys.For(_tenant.Name, "m"), 1, Columns * Clusters, question);
        return observations;
    }
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Models;
using OrleansCluster.Training;

namespace OrleansCluster.Cluster.Tests.Wire;

/// <summary>What builds wrote when every family had fields of its own is found where this build has it.</summary>
public sealed class EarlierFieldsTests
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private static readonly KMeansOptions KMeans = new() { K = 7, Seed = 3 };
    private static readonly MixtureOptions Mixture = new() { K = 2, Covariance = "tied" };

    [Fact]
    public void Options_of_a_request()
    {
        TrainingRequest first = Read<EarlierRequest, TrainingRequest>(new EarlierRequest { Dataset = "d", Model = "m", KMeans = KMeans, By = "x" });
        (first.Dataset, first.Model, first.By, Samples.Text(first.Options)).ShouldBe(("d", "m", "x", Samples.Text(KMeans)));
        TrainingRequest second = Read<EarlierRequest, TrainingRequest>(new EarlierRequest { Dataset = "d", Model = "m", Mixture = Mixture });
        Samples.Text(second.Options).ShouldBe(Samples.Text(Mixture));
        Samples.Text(Read<TrainingRequest, TrainingRequest>(first)).ShouldBe(Samples.Text(first));
    }

    [Fact]
    public void Options_and_measures_of_a_report()
    {
        TrainingReport first = Read<EarlierReport, TrainingReport>(new EarlierReport { Job = "j", KMeans = KMeans, K = 7 });
        (first.Job, first.K, first.Measures.Length, Samples.Text(first.Options)).ShouldBe(("j", 7, 0, Samples.Text(KMeans)));
        TrainingReport second = Read<EarlierReport, TrainingReport>(new EarlierReport
        {
            Job = "j",
            Mixture = new MixtureRecord
            {
                Options = Mixture,
                LogLikelihood = -9,
                Bic = 1,
                Aic = 2,
                Icl = 3,
                Weights = [0.25, 0.75],
                FloorHits = [0, 4],
                Threshold = -5
            },
        });
        Samples.Text(second.Options).ShouldBe(Samples.Text(Mixture));
        second.Measures.Select(measure => (measure.Name, measure.Value))
            .ShouldBe([("log_likelihood", -9), ("bic", 1), ("aic", 2), ("icl", 3), ("threshold", -5)]);
        second.PartMeasures.Select(measure => $"{measure.Name}: {string.Join(' ', measure.Values)}").ShouldBe(["weights: 0.25 0.75", "floor_hits: 0 4"]);
    }

    [Theory]
    [InlineData("full", "2×3×3", true)]
    [InlineData("tied", "3×3", false)]
    [InlineData("diag", "2×3", true)]
    [InlineData("spherical", "2", true)]
    public void Arrays_of_parameters(string covariance, string shape, bool each)
    {
        byte[] weights = MemoryMarshal.AsBytes<double>([0.25, 0.75]).ToArray();
        ModelParameters read = Read<EarlierParameters, ModelParameters>(new EarlierParameters
        {
            K = 2,
            Columns = ["x", "y", "z"],
            Mixture = new MixtureShape { Covariance = covariance, Weights = weights, Covariances = new byte[16], Threshold = -5 },
        });
        read.CentroidsName.ShouldBe("means");
        read.Arrays.Select(array => $"{array.Name} {string.Join('×', array.Shape)} {array.PerCluster} {array.Inline}")
            .ShouldBe([$"weights 2 True True", $"covariances {shape} {each} False"]);
        read.Arrays[0].Values.ToArray().ShouldBe(weights);
        (read.Remarks.Single().Text, read.Measures.Single().Value).ShouldBe((covariance, -5));
        Read<EarlierParameters, ModelParameters>(new EarlierParameters { K = 2, Columns = ["x"] }).CentroidsName.ShouldBe("centroids");
    }

    private static TNow Read<TEarlier, TNow>(TEarlier earlier) =>
        Services.GetRequiredService<Serializer<TNow>>().Deserialize(Services.GetRequiredService<Serializer<TEarlier>>().SerializeToArray(earlier))!;
}

/// <summary><see cref="TrainingRequest"/> as it was.</summary>
[GenerateSerializer, Immutable, Alias("test.EarlierRequest")]
public sealed record EarlierRequest
{
    [Id(0)] public string Dataset { get; init; } = "";

    [Id(2)] public string Model { get; init; } = "";

    [Id(3)] public KMeansOptions? KMeans { get; init; }

    [Id(4)] public MixtureOptions? Mixture { get; init; }

    [Id(6)] public string By { get; init; } = "";
}

/// <summary><see cref="TrainingReport"/> as it was.</summary>
[GenerateSerializer, Immutable, Alias("test.EarlierReport")]
public sealed record EarlierReport
{
    [Id(0)] public string Job { get; init; } = "";

    [Id(7)] public KMeansOptions? KMeans { get; init; }

    [Id(8)] public int K { get; init; }

    [Id(24)] public MixtureRecord? Mixture { get; init; }
}

/// <summary><see cref="ModelParameters"/> as they were.</summary>
[GenerateSerializer, Immutable, Alias("test.EarlierParameters")]
public sealed record EarlierParameters
{
    [Id(0)] public int K { get; init; }

    [Id(1)] public ImmutableArray<string> Columns { get; init; } = [];

    [Id(4)] public MixtureShape? Mixture { get; init; }
}

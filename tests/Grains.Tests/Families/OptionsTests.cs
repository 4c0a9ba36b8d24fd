using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansCluster.Families;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Families.Options;
using OrleansCluster.Json;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Families;

/// <summary>What follows from options that are said once.</summary>
public sealed class OptionsTests
{
    private static readonly FamilyDescription KMeans = KMeansDescription.Value;
    private static readonly FamilyDescription Mixture = MixtureDescription.Value;
    private static readonly JsonSerializerOptions Json = new() { Converters = { new RequestJson(FamilyRegistry.Standard) } };

    [Fact]
    public void Options_have_the_names_defaults_and_kinds_of_their_properties()
    {
        KMeans.Options.Select(option => $"{option.Name}:{option.Kind}={option.Default}").ShouldBe(
        [
            "k:Counts=", "init:Word=parallel", "restarts:Integer=1", "max-iterations:Integer=300", "tolerance:Real=0.0001", "seed:Seed=0",
            "empty:Word=relocate", "plain:Flag=false", "select:Word=silhouette", "silhouette-rows:Integer=5000", "weights:Word=",
        ]);
        Mixture.Options.Single(option => option.Name == "init-means").Kind.ShouldBe(OptionKind.Rows);
        Mixture.Options.Single(option => option.Name == "restarts").Help.ShouldContain("greatest likelihood");
        Mixture.Options.Single(option => option.Name == "max-iterations").Help.ShouldBe(KMeans.Options.Single(option => option.Name == "max-iterations").Help);
    }

    [Theory]
    [InlineData("k", "0", "neither a whole number")]
    [InlineData("k", "5..2", "neither a whole number")]
    [InlineData("init", "nope", "is not one of parallel, k-means++, random")]
    [InlineData("restarts", "0", "is too small: give at least 1")]
    [InlineData("restarts", "1000001", "is too large: give at most 1000000")]
    [InlineData("max-iterations", "99999999999", "is too large")]
    [InlineData("max-iterations", "1.5", "is not a whole number")]
    [InlineData("tolerance", "-1", "is negative: give 0 or more")]
    [InlineData("tolerance", "NaN", "is not a number")]
    [InlineData("seed", "-1", "is not a whole number from 0 to 18446744073709551615")]
    [InlineData("plain", "perhaps", "is neither true nor false")]
    [InlineData("silhouette-rows", "1", "is too small: give at least 2")]
    public void A_value_that_cannot_be_is_told_why(string name, string text, string why) =>
        KMeans.Options.Single(option => option.Name == name).Problem(text).ShouldNotBeNull().ShouldContain(why);

    [Fact]
    public void A_bound_that_is_not_reached_is_said_to_be_one()
    {
        OptionInfo contamination = Mixture.Options.Single(option => option.Name == "contamination");
        contamination.Problem("1").ShouldBe("is too large: give less than 1");
        contamination.Problem("0.999").ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"k":3}""", 3, 0)]
    [InlineData("""{"k":"2..9"}""", 2, 9)]
    public void Numbers_of_clusters_are_read_as_they_are_written(string json, int k, int largest)
    {
        ITrainingOptions options = OptionsJson.Read(KMeans, JsonNode.Parse(json)!.AsObject());
        (options.K, options.LargestK).ShouldBe((k, largest));
        OptionsJson.Write(options)["k"]!.ToJsonString().ShouldBe(JsonNode.Parse(json)!["k"]!.ToJsonString());
    }

    [Fact]
    public void Options_survive_JSON_and_what_is_not_known_is_passed_over()
    {
        var options = new MixtureOptions
        {
            K = 2,
            LargestK = 5,
            Covariance = "tied",
            Seed = ulong.MaxValue,
            Tolerance = 0.1,
            Contamination = 1e-300,
            Select = "held-out",
            HeldOut = 0.25
        };
        JsonObject json = OptionsJson.Write(options);
        json["of_a_later_build"] = 7;
        OptionsJson.Read(Mixture, JsonNode.Parse(json.ToJsonString())!.AsObject()).ShouldBe(options);
        OptionsJson.Read(Mixture, []).ShouldBe(Mixture.Defaults);
        Should.Throw<ClusteringException>(() => OptionsJson.Read(Mixture, new JsonObject { ["restarts"] = "many" })).Message.ShouldContain("restarts is many");
    }

    [Fact]
    public void The_schema_says_what_can_be_given()
    {
        JsonObject schema = OptionsJson.Schema(Mixture);
        JsonNode properties = schema["properties"]!;
        properties.AsObject().Count.ShouldBe(Mixture.Options.Length - 1, "rows are no JSON");
        properties["covariance"]!.ToJsonString().ShouldContain("""
            "enum":["full","tied","diag","spherical"],"default":"full"
            """);
        properties["contamination"]!["exclusiveMaximum"]!.GetValue<double>().ShouldBe(1);
        properties["max_iterations"]!["minimum"]!.GetValue<double>().ShouldBe(1);
        schema["required"]!.ToJsonString().ShouldBe("""["k"]""");
    }

    [Fact]
    public void A_training_like_another_one_starts_without_the_rows_that_were_given_for_that()
    {
        ITrainingOptions given = new KMeansOptions { K = 2, Init = "given", InitialCentroids = new byte[32], Seed = 4, Restarts = 1, Empty = "fail" };
        given.Again(seed: null, restarts: 7).ShouldBe(new KMeansOptions { K = 2, Seed = 4, Restarts = 7, Empty = "fail" });
        given.Again(seed: 9, restarts: null).Seed.ShouldBe(9ul);
        given.Once().ShouldBe((KMeansOptions)given with { MaxIterations = 1, Empty = "drop" });
        ITrainingOptions mixture = new MixtureOptions { K = 2, Covariance = "diag" };
        mixture.Once().ShouldBe(new MixtureOptions { K = 2, Covariance = "diag", MaxIterations = 1 });
    }

    [Fact]
    public void A_request_survives_JSON()
    {
        var request = new TrainingRequest
        {
            Dataset = "d",
            DatasetVersion = 3,
            Model = "m",
            Parent = 2,
            By = "ann",
            Retraining = RetrainingKind.Fresh,
            Options = new MixtureOptions { K = 4, Seed = 11, Regularization = 0 },
        };
        string json = JsonSerializer.Serialize(request, Json);
        json.ShouldStartWith("""{"dataset":"d","dataset_version":3,"model":"m","family":"gmm","options":{"k":4,""");
        JsonSerializer.Deserialize<TrainingRequest>(json, Json).ShouldBe(request);
    }

    [Theory]
    [InlineData(
        """
        {"Dataset":"places","DatasetVersion":1,"Model":"m",
        "KMeans":{"K":2,"Init":"k-means\u002B\u002B","InitialCentroids":"","Restarts":4,"MaxIterations":30,"Tolerance":0.5,"Seed":18446744073709551615,
        "Empty":"drop","Plain":true,"LargestK":6,"Select":"elbow","SilhouetteRows":900},
        "Mixture":null,"Parent":3,"By":"bob","Retraining":"Warm"}
        """,
        "kmeans")]
    [InlineData(
        """
        {"Dataset":"places","DatasetVersion":1,"Model":"m","KMeans":null,
        "Mixture":{"K":2,"Covariance":"diag","Init":"random","InitialMeans":"","Restarts":4,"MaxIterations":30,"Tolerance":0.5,"Seed":18446744073709551615,
        "Regularization":0.01,"Collapse":"drop","Contamination":0.05,"LargestK":6,"Select":"icl","HeldOut":0.3},
        "Parent":3,"By":"bob","Retraining":"Warm"}
        """,
        "gmm")]
    public void A_request_that_version_0_1_0_wrote_is_read(string json, string family)
    {
        TrainingRequest request = JsonSerializer.Deserialize<TrainingRequest>(json, Json)!;
        (request.Dataset, request.DatasetVersion, request.Model, request.Parent, request.By, request.Retraining)
            .ShouldBe(("places", 1, "m", 3, "bob", RetrainingKind.Warm));
        ITrainingOptions expected = family == "kmeans"
            ? new KMeansOptions
            {
                K = 2,
                LargestK = 6,
                Init = "k-means++",
                Restarts = 4,
                MaxIterations = 30,
                Tolerance = 0.5,
                Seed = ulong.MaxValue,
                Empty = "drop",
                Plain = true,
                Select = "elbow",
                SilhouetteRows = 900
            }
            : new MixtureOptions
            {
                K = 2,
                LargestK = 6,
                Covariance = "diag",
                Init = "random",
                Restarts = 4,
                MaxIterations = 30,
                Tolerance = 0.5,
                Seed = ulong.MaxValue,
                Regularization = 0.01,
                Collapse = "drop",
                Contamination = 0.05,
                Select = "icl",
                HeldOut = 0.3,
            };
        request.Options.ShouldBe(expected);
    }

    [Fact]
    public void A_request_of_an_unknown_family_says_which_there_are() =>
        Should.Throw<ClusteringException>(() =>
            JsonSerializer.Deserialize<TrainingRequest>("""{"dataset":"d","model":"m","family":"spiral","options":{"k":1}}""", Json))
            .Message.ShouldContain("the family 'spiral', only kmeans, spherical-kmeans, gmm");
}

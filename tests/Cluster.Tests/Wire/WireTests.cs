using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansCluster.Training;

namespace OrleansCluster.Cluster.Tests.Wire;

/// <summary>What silos of different builds say to each other, to the byte.</summary>
public sealed class WireTests
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private static readonly Dictionary<string,
        string> Golden = ReadLines("golden.txt").ToDictionary(line => line.Alias, line => line.Bytes, StringComparer.Ordinal);

    public static TheoryData<string> Aliases => [.. Samples.Types.Select(Samples.Alias)];

    [Fact]
    public void Every_type_has_golden_bytes_and_none_is_left_over()
    {
        // CLUSTER_WIRE_WRITE names a file for the bytes of today: for new types and new fields, never to change old ones. Lines that it replaces go to
        // earlier.txt.
        if (Environment.GetEnvironmentVariable("CLUSTER_WIRE_WRITE") is { Length: > 0 } path)
            File.WriteAllLines(path, Samples.Types.Select(type => $"{Samples.Alias(type)} {Convert.ToHexStringLower(Write(type, Samples.Make(type)))}"));
        Golden.Keys.Order(StringComparer.Ordinal).ShouldBe(Samples.Types.Select(Samples.Alias));
    }

    [Theory, MemberData(nameof(Aliases))]
    public void Bytes_are_written_and_read_as_they_always_were(string alias)
    {
        Type type = Samples.Types.Single(type => Samples.Alias(type) == alias);
        object sample = Samples.Make(type);
        string written = Convert.ToHexStringLower(Write(type, sample));
        (written == Golden[alias])
            .ShouldBeTrue($"{alias} is written as{Environment.NewLine}{written}{Environment.NewLine}and was{Environment.NewLine}{Golden[alias]}");
        Samples.Text(Read(type, Convert.FromHexString(Golden[alias]))).ShouldBe(Samples.Text(sample));
    }

    [Fact]
    public void What_earlier_builds_wrote_is_read_with_the_fields_it_has()
    {
        foreach ((string alias, string bytes) in ReadLines("earlier.txt"))
        {
            Type type = Samples.Types.Single(type => Samples.Alias(type) == alias);
            object read = Read(type, Convert.FromHexString(bytes));
            Samples.Difference(read, Samples.Make(type), alias).ShouldBeNull();
            Samples.Text(read).ShouldNotContain(Samples.NoArray);
        }
    }

    [Fact]
    public void A_refusal_keeps_the_place_of_the_value()
    {
        Serializer<ClusteringException> serializer = Services.GetRequiredService<Serializer<ClusteringException>>();
        ClusteringException refused = serializer.Deserialize(serializer.SerializeToArray(new ClusteringException(2, 1, "Correct it.")))!;
        (refused.Row, refused.Column, refused.Problem, refused.Message).ShouldBe((2, 1, "Correct it.", "Row 2, column 1 (both from 0): Correct it."));
        refused = serializer.Deserialize(serializer.SerializeToArray(new ClusteringException("There is no model.")))!;
        (refused.Row, refused.Message).ShouldBe((null, "There is no model."));
        serializer.Deserialize(serializer.SerializeToArray(new ClusteringException("Too many.") { RetryAfter = 7 }))!.RetryAfter.ShouldBe(7);
    }

    [Fact]
    public void A_field_that_a_later_build_added_is_passed_over()
    {
        byte[] bytes = Services.GetRequiredService<Serializer<LaterReply>>().SerializeToArray(
            new LaterReply { Statistic = new byte[] { 7, 8 }, Length = 2, Note = "new", More = new LaterPart { Text = "nested", Numbers = [1, 2, 3] } });
        StepReply reply = Services.GetRequiredService<Serializer<StepReply>>().Deserialize(bytes).ShouldNotBeNull();
        reply.Statistic.ToArray().ShouldBe([7, 8]);
        (reply.Pending, reply.Length).ShouldBe((false, 2));
    }

    [Fact]
    public void A_field_that_an_earlier_build_did_not_have_is_at_its_default()
    {
        byte[] bytes = Services.GetRequiredService<Serializer<EarlierReply>>().SerializeToArray(new EarlierReply { Statistic = new byte[] { 7 } });
        StepReply reply = Services.GetRequiredService<Serializer<StepReply>>().Deserialize(bytes).ShouldNotBeNull();
        (reply.Statistic.Length, reply.Length).ShouldBe((1, 0));
    }

    private static byte[] Write(Type type, object value)
    {
        dynamic serializer = Services.GetRequiredService(typeof(Serializer<>).MakeGenericType(type));
        return serializer.SerializeToArray((dynamic)value);
    }

    private static object Read(Type type, byte[] bytes)
    {
        dynamic serializer = Services.GetRequiredService(typeof(Serializer<>).MakeGenericType(type));
        return serializer.Deserialize(bytes);
    }

    private static IEnumerable<(string Alias, string Bytes)> ReadLines(string resource)
    {
        using var reader = new StreamReader(typeof(WireTests).Assembly.GetManifestResourceStream(resource)!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(' '))
            .Select(parts => (parts[0], parts[1]))];
    }
}

/// <summary><see cref="StepReply"/> as a later build might have it.</summary>
[GenerateSerializer, Immutable, Alias("test.LaterReply")]
public sealed record LaterReply
{
    [Id(0)] public bool Pending { get; init; }

    [Id(1)] public ReadOnlyMemory<byte> Statistic { get; init; }

    [Id(2)] public int Length { get; init; }

    [Id(3)] public string Note { get; init; } = "";

    [Id(4)] public LaterPart? More { get; init; }
}

/// <summary>A type that an earlier build does not know.</summary>
[GenerateSerializer, Immutable, Alias("test.LaterPart")]
public sealed record LaterPart
{
    [Id(0)] public string Text { get; init; } = "";

    [Id(1)] public int[] Numbers { get; init; } = [];
}

/// <summary><see cref="StepReply"/> as it was before statistics came in pieces.</summary>
[GenerateSerializer, Immutable, Alias("test.EarlierReply")]
public sealed record EarlierReply
{
    [Id(0)] public bool Pending { get; init; }

    [Id(1)] public ReadOnlyMemory<byte> Statistic { get; init; }
}

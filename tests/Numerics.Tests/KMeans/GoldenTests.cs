using System.Globalization;
using OrleansCluster.Numerics.KMeans;

namespace OrleansCluster.Numerics.Tests.KMeans;

/// <summary>
/// Digests of a few small trainings, kept in <c>golden.txt</c>: they change only when the canonical numbers change, which docs/numerics.md must then say.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string, string, string> Cases => [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "KMeans", "golden.txt"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Select(fields => new TheoryDataRow<string, string, string>(fields[0], fields[1], fields[2]))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Digests_stay(string data, string spec, string digest)
        => Train.Run(Parse(spec), Adversarial.Rows(data), 128).Model.Digest.ShouldBe(digest, $"{data} | {spec}");

    private static KMeansSpec Parse(string spec)
    {
        string[] words = spec.Split(' ');
        return KMeansSpec.Create(
            int.Parse(words[0], CultureInfo.InvariantCulture), words[1], restarts: 2, seed: ulong.Parse(words[2], CultureInfo.InvariantCulture),
                empty: words[3]);
    }
}

using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans.Sphere;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>How starting centres are found. Values are part of the format.</summary>
public enum KMeansInit : byte
{
    /// <summary>k-means‖ (Bahmani et al., "Scalable k-means++", 2012).</summary>
    Parallel = 1,

    /// <summary>Greedy k-means++ (Arthur and Vassilvitskii, 2007), 2 + ⌊ln k⌋ trials a centre.</summary>
    PlusPlus = 2,

    /// <summary>k rows at random, by weight.</summary>
    Random = 3,

    /// <summary>Centres that the user gives.</summary>
    Given = 4,
}

/// <summary>What happens to a cluster that no row of positive weight belongs to. Values are part of the format.</summary>
public enum EmptyClusters : byte
{
    /// <summary>The rows farthest from their centres become new centres.</summary>
    Relocate = 1,

    /// <summary>The cluster is removed: the model has fewer.</summary>
    Drop = 2,

    /// <summary>The training fails.</summary>
    Fail = 3,
}

/// <summary>What to train. One that exists is valid.</summary>
public sealed class KMeansSpec
{
    private const int GreatestRestarts = 1 << 20;

    private KMeansSpec(
        int k, KMeansInit init, double[] initialCentroids, int restarts, int maxIterations, double tolerance, ulong seed, EmptyClusters empty, bool plain,
            KMeansGeometry geometry)
    {
        (K, Init, InitialCentroids, Restarts) = (k, init, initialCentroids, restarts);
        (MaxIterations, Tolerance, Seed, Empty, Plain, Geometry) = (maxIterations, tolerance, seed, empty, plain, geometry);
    }

    public int K { get; }

    public KMeansInit Init { get; }

    /// <summary>For <see cref="KMeansInit.Given"/>: k × d, row-major; else empty.</summary>
    public double[] InitialCentroids { get; }

    public int Restarts { get; }

    public int MaxIterations { get; }

    /// <summary>An iteration is the last when the summed squared shift of all centres is at most this times the mean column variance.</summary>
    public double Tolerance { get; }

    public ulong Seed { get; }

    public EmptyClusters Empty { get; }

    /// <summary>Without acceleration: the same bits, more distances.</summary>
    public bool Plain { get; }

    /// <summary>Where rows and centres lie. It is not written: who reads knows the family.</summary>
    public KMeansGeometry Geometry { get; }

    /// <summary>What the objective is called.</summary>
    internal string ObjectiveName => Geometry == KMeansGeometry.Sphere ? "cosine inertia" : "inertia";

    /// <summary>What the objective is of Σ w·D: of rows and centres of length 1, D = 2 (1 − cos).</summary>
    internal double ObjectiveShare => Geometry == KMeansGeometry.Sphere ? 0.5 : 1;

    /// <summary>Checks what is asked for.</summary>
    /// <param name="k">Number of clusters, at least 1.</param>
    /// <param name="init"><c>parallel</c>, <c>k-means++</c>, <c>random</c> or <c>given</c>.</param>
    /// <param name="initialCentroids">For <c>given</c>: k × d finite values, row-major.</param>
    /// <param name="restarts">At least 1; 1 for <c>given</c>.</param>
    /// <param name="maxIterations">At least 1.</param>
    /// <param name="tolerance">At least 0; 0: stop only when no row moves.</param>
    /// <param name="seed">Of all random numbers.</param>
    /// <param name="empty"><c>relocate</c>, <c>drop</c> or <c>fail</c>.</param>
    /// <param name="plain">Without acceleration.</param>
    /// <param name="geometry">Where rows and centres lie; given centres are divided by their lengths on the sphere.</param>
    /// <exception cref="ArgumentException">Something is not valid; the message says what to change.</exception>
    public static KMeansSpec Create(
        int k,
        string init = "parallel",
        ReadOnlyMemory<double> initialCentroids = default,
        int restarts = 1,
        int maxIterations = 300,
        double tolerance = 1e-4,
        ulong seed = 0,
        string empty = "relocate",
        bool plain = false,
        KMeansGeometry geometry = KMeansGeometry.Euclidean)
    {
        Require(k >= 1, $"k is {k}: ask for at least 1 cluster.");
        Require(restarts is >= 1 and <= GreatestRestarts, $"restarts is {restarts}: it must lie between 1 and {GreatestRestarts}.");
        Require(maxIterations >= 1, $"max-iterations is {maxIterations}: it must be at least 1.");
        Require(tolerance >= 0 && double.IsFinite(tolerance), $"tolerance is {tolerance:R}: it must be a number of at least 0.");
        KMeansInit start = init switch
        {
            "parallel" => KMeansInit.Parallel,
            "k-means++" => KMeansInit.PlusPlus,
            "random" => KMeansInit.Random,
            "given" => KMeansInit.Given,
            _ => throw new ArgumentException($"init is '{init}': it must be parallel, k-means++, random, or starting centres must be given."),
        };
        EmptyClusters policy = empty switch
        {
            "relocate" => EmptyClusters.Relocate,
            "drop" => EmptyClusters.Drop,
            "fail" => EmptyClusters.Fail,
            _ => throw new ArgumentException($"empty is '{empty}': it must be relocate, drop or fail."),
        };
        if (start == KMeansInit.Given)
        {
            Require(restarts == 1, $"restarts is {restarts}, but from given centres every restart is the same: leave it at 1.");
            Require(
                !initialCentroids.IsEmpty && initialCentroids.Length % k == 0,
                $"{initialCentroids.Length} values are given as starting centres, which are not {k} rows of equal length: give k × columns values.");
            for (int i = 0; i < initialCentroids.Length; i++)
            {
                int width = initialCentroids.Length / k;
                Require(
                    double.IsFinite(initialCentroids.Span[i]),
                    $"Starting centre {(i / width) + 1}, column {(i % width) + 1} is {initialCentroids.Span[i]}: it must be a finite number.");
            }
        }
        else
        {
            Require(initialCentroids.IsEmpty, $"Starting centres are given, but init is '{init}': leave one of them out.");
        }

        double[] given = initialCentroids.ToArray();
        int columns = given.Length / k;
        for (int c = 0; c < k && columns > 0 && geometry == KMeansGeometry.Sphere; c++)
            Require(
                Direction.FindOfCentre(given.AsSpan(c * columns, columns)), $"Starting centre {c + 1} has only zeros, and so no direction: give another one.");
        return new KMeansSpec(k, start, given, restarts, maxIterations, tolerance, seed, policy, plain, geometry);
    }

    /// <summary>The same for another number of clusters; starting centres must not be given.</summary>
    internal KMeansSpec WithK(int k) => new(k, Init, InitialCentroids, Restarts, MaxIterations, Tolerance, Seed, Empty, Plain, Geometry);

    internal void Write(ByteWriter writer)
    {
        writer.Int32(K);
        writer.Byte((byte)Init);
        writer.Doubles(InitialCentroids);
        writer.Int32(Restarts);
        writer.Int32(MaxIterations);
        writer.Double(Tolerance);
        writer.Int64((long)Seed);
        writer.Byte((byte)Empty);
        writer.Boolean(Plain);
    }

    internal static KMeansSpec Read(ByteReader reader, KMeansGeometry geometry)
        => new(
            reader.Int32(), (KMeansInit)reader.Byte(), reader.Doubles(), reader.Int32(), reader.Int32(), reader.Double(),
            (ulong)reader.Int64(), (EmptyClusters)reader.Byte(), reader.Boolean(), geometry);

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException(message);
    }
}

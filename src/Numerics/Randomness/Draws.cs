using OrleansCluster.Numerics.Functions;

namespace OrleansCluster.Numerics.Randomness;

/// <summary>What a random number is for. Part of its name, so that no two uses ever share one. Values are part of the format.</summary>
public enum Purpose : byte
{
    /// <summary>Rows as starting centres, at random.</summary>
    RandomStart = 1,

    /// <summary>k-means++: rows by their squared distance.</summary>
    PlusPlus = 2,

    /// <summary>k-means‖: the first row.</summary>
    ParallelFirst = 3,

    /// <summary>k-means‖: whether a row takes part in a round.</summary>
    ParallelRound = 4,

    /// <summary>k-means‖: the seed for reducing candidates to k.</summary>
    ParallelReduce = 5,

    /// <summary>Whether a row is held out of a fit.</summary>
    HoldOut = 6,

    /// <summary>The sample of rows whose silhouettes judge a number of clusters.</summary>
    SilhouetteSample = 7,

    /// <summary>Mixtures: random responsibilities; the round is the component.</summary>
    MixtureStart = 16,

    /// <summary>Mixtures: rows at which collapsed components start anew.</summary>
    MixtureReseed = 17,

    /// <summary>Mixtures: the seed of a restart's k-means run.</summary>
    MixtureClusters = 18,

    /// <summary>Mixtures: sampled rows.</summary>
    MixtureSample = 19,

    /// <summary>The anchor rows of a model; the id is the number of the run of rows that one is drawn from.</summary>
    Anchors = 32,
}

/// <summary>
/// Random numbers that are named, not drawn in turn: each is a function of seed, purpose, restart, round and a row's stable id.
/// So who draws, when and how often changes nothing.
/// </summary>
/// <param name="Seed">The user's seed.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Restart">From 0, below 2^24.</param>
/// <param name="Round">From 0.</param>
public readonly record struct Draws(ulong Seed, Purpose Purpose, int Restart, int Round)
{
    /// <summary>2^52: how many different numbers <see cref="Uniform"/> gives.</summary>
    internal const double Scale = 1L << 52;

    /// <summary>The bits of 2^52, to which those of an integer below it may be added.</summary>
    internal const ulong Exponent = 0x4330_0000_0000_0000;

    /// <summary>What 1 − u, which no arrival at rate 1 is before, is multiplied by where it decides.</summary>
    internal const double Certain = 1 - 1e-12;

    /// <summary>The last word of the counter: purpose and restart.</summary>
    internal uint Use => ((uint)Purpose << 24) | (uint)Restart;

    /// <summary>64 random bits.</summary>
    /// <param name="id">A row's stable id, or the index of a cluster.</param>
    public ulong Bits(long id)
    {
        (uint w0, uint w1, _, _) = Philox.Block(
            (uint)id, (uint)((ulong)id >> 32), (uint)Round, Use, (uint)Seed, (uint)(Seed >> 32));
        return ((ulong)w1 << 32) | w0;
    }

    /// <summary>A number in (0, 1): (m + ½) · 2^−52 for the 52 highest of <see cref="Bits"/>, exactly.</summary>
    public double Uniform(long id) => ((Bits(id) >> 12) + 0.5) * (1 / Scale);

    /// <summary>
    /// The time at which an item of rate <paramref name="rate"/> arrives: −ln(u) / rate, exponentially distributed.
    /// The item that arrives first is drawn with a probability in proportion to its rate; the m first are a draw without replacement.
    /// </summary>
    /// <param name="id">A row's stable id.</param>
    /// <param name="rate">Above 0.</param>
    public double Arrival(long id, double rate) => -Elementary.Log(Uniform(id)) / rate;

    /// <summary>
    /// Like <see cref="Arrival"/>, unless it is certain to be after <paramref name="latest"/>: then a number after that. Spares the logarithm.
    /// </summary>
    public double ArrivalBy(long id, double rate, double latest)
    {
        double u = Uniform(id);
        // −ln u ≥ 1 − u, which is exact here; the factor is far more than the roundings of both sides.
        if ((1 - u) * Certain > latest * rate)
            return double.PositiveInfinity;
        return -Elementary.Log(u) / rate;
    }
}

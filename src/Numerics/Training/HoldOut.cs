using System.Security.Cryptography;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Randomness;

namespace OrleansCluster.Numerics.Training;

/// <summary>Which part of the rows a step sees. Values are part of the format.</summary>
internal enum RowPart : byte
{
    /// <summary>The rows that are fitted.</summary>
    Fitted = 1,

    /// <summary>The rows that are held out of the fit.</summary>
    HeldOut = 2,
}

/// <summary>
/// A share of the rows that is held out of a fit, to judge it by. Every row decides by a draw of its own, named by the seed and the row's stable id, so that
/// neither shards nor threads matter. The rows of the other part are there with weight 0, which is to be absent.
/// </summary>
/// <param name="Seed">Of the draws.</param>
/// <param name="Share">The share that is expected to be held out, inside (0, 1).</param>
internal sealed record HoldOut(ulong Seed, double Share)
{
    private const string Magic = "OCHO";
    private const byte Version = 1;

    /// <summary>Whether a row is held out.</summary>
    /// <param name="row">Its stable id.</param>
    public bool Has(long row) => new Draws(Seed, Purpose.HoldOut, 0, 0).Uniform(row) < Share;

    /// <summary>The same step over one part of the rows.</summary>
    public EncodedStep Over(RowPart part, EncodedStep step)
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        writer.Int64((long)Seed);
        writer.Double(Share);
        writer.Byte((byte)part);
        writer.String(step.Digest);
        writer.Bytes(step.Bytes.Span);
        byte[] bytes = writer.ToArray();
        return new EncodedStep(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);
    }

    /// <summary>Whether the bytes are a step over a part of the rows.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.StartsWith("OCHO"u8);

    /// <exception cref="InvalidDataException">The bytes are no step over a part of the rows, or damaged.</exception>
    public static PartStep Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Header(Magic, Version);
        var holdOut = new HoldOut((ulong)reader.Int64(), reader.Double());
        var part = (RowPart)reader.Byte();
        var step = new EncodedStep(reader.String(), reader.Bytes());
        reader.End();
        return Enum.IsDefined(part) ? new PartStep(holdOut, part, step) : throw new InvalidDataException($"There is no part {(byte)part} of the rows.");
    }
}

/// <summary>A step over a part of the rows. The step inside is one object for all who compute it, too.</summary>
/// <param name="HoldOut">Which rows are held out.</param>
/// <param name="Part">Those or the others.</param>
/// <param name="Step">What is computed.</param>
internal sealed record PartStep(HoldOut HoldOut, RowPart Part, EncodedStep Step);

using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// <c>hash=country:8</c>: a category becomes that many columns, one of which is 1 or −1 and the others 0; which, and the sign, follow from a hash of its text
/// alone (MurmurHash3, 32 bits, of UTF-8, as scikit-learn's FeatureHasher has it). Texts that nobody saw in training have their places too; a missing one is
/// 0 everywhere.
/// </summary>
internal sealed class Hashing() : StepKind("hash")
{
    private const int Usual = 16;
    private const string Size = "size";

    public override ImmutableArray<ColumnType> Takes => [ColumnType.Category];

    protected override ImmutableArray<ColumnType> Types => Takes;

    public override bool IsValue(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0;

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        fit.Result = new StepRecord(Name).With(StepRecord.Columns, NamesOf(Places(request, fit.Columns), fit)).With(Size, request.Size(Usual));
        yield break;
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = [.. Places(record, columns).Order()];
        int size = (int)record.NumbersOf(Size, 1)[0];
        (int Place, int Sign)[][] hashed = [.. places.Select(place => columns[place].Categories.Select(text => Of(text, size)).ToArray())];
        return new ExpandingStep(
            ExpandingStep.Columns(
                columns, places, index => Enumerable.Range(0, size).Select(at => FormattableString.Invariant($"{columns[places[index]].Name}#{at}"))),
            columns.Length,
            places,
            [.. places.Select(_ => size)],
            [MethodImpl(MethodImplOptions.AggressiveOptimization)] (index, value, target) =>
            {
                if (!double.IsNaN(value))
                    target[hashed[index][(int)value].Place] = hashed[index][(int)value].Sign;
            });
    }

    public override string Tell(StepRecord record) =>
        FormattableString.Invariant($"hash the categories of {List(record.TextsOf(StepRecord.Columns))} into {record.NumbersOf(Size, 1)[0]} columns each");

    private static (int Place, int Sign) Of(string text, int size)
    {
        int hash = (int)Murmur(System.Text.Encoding.UTF8.GetBytes(text));
        return ((int)(Math.Abs((long)hash) % size), hash >= 0 ? 1 : -1);
    }

    /// <summary>MurmurHash3 x86 32, seed 0.</summary>
    private static uint Murmur(ReadOnlySpan<byte> bytes)
    {
        const uint First = 0xcc9e2d51, Second = 0x1b873593;
        uint hash = 0, tail = 0;
        int whole = bytes.Length & ~3;
        for (int at = 0; at < whole; at += 4)
        {
            hash ^= BitOperations.RotateLeft(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) * First, 15) * Second;
            hash = (BitOperations.RotateLeft(hash, 13) * 5) + 0xe6546b64;
        }

        for (int at = bytes.Length - 1; at >= whole; at--)
            tail = (tail << 8) | bytes[at];
        hash ^= BitOperations.RotateLeft(tail * First, 15) * Second;
        hash ^= (uint)bytes.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Distances;

/// <summary>
/// Scores of rows in lanes against centres broadcast, eight centres a pass: ½|c|² − x·c in float32, of which the least two are kept.
/// The lowest three bits of a score hold the centre's place in its panel, so that the index costs nothing to follow.
/// </summary>
internal abstract unsafe class NearestKernel
{
    /// <summary>Rows of a tile: one bit each in a mask.</summary>
    public const int TileRows = 32;

    /// <summary>Labels tiles of rows.</summary>
    /// <param name="tiles">Rows, centred and scaled: tiles × columns × 32, zero where a row's norm is infinite.</param>
    /// <param name="norms">A bound on each row's norm, infinite for rows out of float32's range: tiles × 32.</param>
    /// <param name="count">Number of tiles.</param>
    /// <param name="table">The centres.</param>
    /// <param name="labels">Out: tiles × 32 labels.</param>
    /// <param name="unsure">Out: one mask a tile of the rows whose label is not certified.</param>
    /// <param name="scores">Out: the least score of each row of a tile, then the second least: tiles × 2 × 32; null when not wanted.</param>
    /// <param name="aside">What is done on the way.</param>
    public abstract void Label(float* tiles, float* norms, int count, CentroidTable table, int* labels, uint* unsure, float* scores, Aside aside = default);

    /// <summary>What is done on the way, while the processor multiplies.</summary>
    /// <param name="soon">Memory that is read next, asked for a piece a tile; may reach beyond what is there.</param>
    /// <param name="bytes">Of the piece; 0: none.</param>
    /// <param name="least">Out: the least score of each panel: tiles × panels × 32; null when not wanted.</param>
    public readonly struct Aside(byte* soon, int bytes, float* least = null)
    {
        public byte* Soon { get; } = soon;

        public int Bytes { get; } = bytes;

        public float* Least { get; } = least;
    }

    /// <summary>The kernel of one width.</summary>
    public static NearestKernel For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new NearestKernel<FloatLanes512, Vector512<float>>(),
        SimdWidth.V256 => new NearestKernel<FloatLanes256, Vector256<float>>(),
        SimdWidth.V128 => new NearestKernel<FloatLanes128, Vector128<float>>(),
        _ => new NearestKernel<FloatLanesScalar, float>(),
    };
}

/// <inheritdoc/>
internal sealed unsafe class NearestKernel<TLanes, TVector> : NearestKernel
    where TLanes : struct, IFloatLanes<TVector>
    where TVector : struct
{
    private const int Line = 64;

    /// <summary>Rows of a pass over the centres.</summary>
    private static int PassRows => TLanes.TwoVectors ? 2 * TLanes.Width : TLanes.Width;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Label(float* tiles, float* norms, int count, CentroidTable table, int* labels, uint* unsure, float* scores, Aside aside = default)
    {
        byte* soon = aside.Soon;
        int piece = aside.Bytes / (TileRows / PassRows);
        float* least = aside.Least;
        for (int tile = 0; tile < count; tile++)
        {
            uint mask = 0;
            for (int row = 0; row < TileRows; row += PassRows)
            {
                float* score = scores == null ? null : scores + row;
                float* panelLeast = least == null ? null : least + row;
                mask |= (TLanes.TwoVectors
                    ? LabelTwo(tiles + row, norms + row, table, labels + row, score, panelLeast, soon, piece)
                    : LabelOne(tiles + row, norms + row, table, labels + row, score, panelLeast, soon, piece)) << row;
                soon += piece;
            }

            unsure[tile] = mask;
            tiles += TileRows * table.Columns;
            norms += TileRows;
            labels += TileRows;
            if (scores != null)
                scores += 2 * TileRows;
            if (least != null)
                least += TileRows * table.Panels;
        }
    }

    /// <summary>Asks for as much memory as falls to one panel, so that it comes while the panel is scored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Ask(byte* soon, byte* end)
    {
        for (; soon < end; soon += Line)
        {
            if (Sse.IsSupported)
                Sse.Prefetch0(soon);
        }

        return soon;
    }

    /// <summary>Two vectors of rows × eight centres: sixteen sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint LabelTwo(float* rows, float* norms, CentroidTable table, int* labels, float* scores, float* least, byte* soon, int piece)
    {
        int share = (piece + table.Panels - 1) / table.Panels;
        byte* asked = soon;
        float* centres = table.Scores;
        float* half = table.Halves;
        int pass = table.Columns * CentroidTable.Panel;
        var first = new Running(TLanes.Broadcast(float.PositiveInfinity), TLanes.Broadcast(0));
        Running second = first;
        for (int panel = 0; panel < table.Panels; panel++)
        {
            asked = Ask(asked, soon + (share * (panel + 1)));
            TVector a0 = TLanes.Broadcast(half[0]), a1 = TLanes.Broadcast(half[1]), a2 = TLanes.Broadcast(half[2]), a3 = TLanes.Broadcast(half[3]);
            TVector a4 = TLanes.Broadcast(half[4]), a5 = TLanes.Broadcast(half[5]), a6 = TLanes.Broadcast(half[6]), a7 = TLanes.Broadcast(half[7]);
            TVector b0 = a0, b1 = a1, b2 = a2, b3 = a3, b4 = a4, b5 = a5, b6 = a6, b7 = a7;
            float* row = rows;
            float* end = centres + pass;
            do
            {
                TVector x = TLanes.Load(row);
                TVector y = TLanes.Load(row + TLanes.Width);
                TVector c = TLanes.Broadcast(centres[0]);
                a0 = TLanes.FusedMultiplyAdd(x, c, a0);
                b0 = TLanes.FusedMultiplyAdd(y, c, b0);
                c = TLanes.Broadcast(centres[1]);
                a1 = TLanes.FusedMultiplyAdd(x, c, a1);
                b1 = TLanes.FusedMultiplyAdd(y, c, b1);
                c = TLanes.Broadcast(centres[2]);
                a2 = TLanes.FusedMultiplyAdd(x, c, a2);
                b2 = TLanes.FusedMultiplyAdd(y, c, b2);
                c = TLanes.Broadcast(centres[3]);
                a3 = TLanes.FusedMultiplyAdd(x, c, a3);
                b3 = TLanes.FusedMultiplyAdd(y, c, b3);
                c = TLanes.Broadcast(centres[4]);
                a4 = TLanes.FusedMultiplyAdd(x, c, a4);
                b4 = TLanes.FusedMultiplyAdd(y, c, b4);
                c = TLanes.Broadcast(centres[5]);
                a5 = TLanes.FusedMultiplyAdd(x, c, a5);
                b5 = TLanes.FusedMultiplyAdd(y, c, b5);
                c = TLanes.Broadcast(centres[6]);
                a6 = TLanes.FusedMultiplyAdd(x, c, a6);
                b6 = TLanes.FusedMultiplyAdd(y, c, b6);
                c = TLanes.Broadcast(centres[7]);
                a7 = TLanes.FusedMultiplyAdd(x, c, a7);
                b7 = TLanes.FusedMultiplyAdd(y, c, b7);
                row += TileRows;
                centres += CentroidTable.Panel;
            }
            while (centres < end);

            TVector index = TLanes.Broadcast(table.Firsts[panel]);
            TVector low = first.Take(a0, a1, a2, a3, a4, a5, a6, a7, index);
            TVector high = second.Take(b0, b1, b2, b3, b4, b5, b6, b7, index);
            if (least != null)
            {
                TLanes.Store(low, least);
                TLanes.Store(high, least + TLanes.Width);
                least += TileRows;
            }

            half += CentroidTable.Panel;
        }

        Certificate certificate = table.Certificate;
        if (scores != null)
        {
            first.Store(scores);
            second.Store(scores + TLanes.Width);
        }

        return first.Finish(norms, certificate, labels)
            | (second.Finish(norms + TLanes.Width, certificate, labels + TLanes.Width) << TLanes.Width);
    }

    /// <summary>One vector of rows × eight centres, for processors with sixteen registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint LabelOne(float* rows, float* norms, CentroidTable table, int* labels, float* scores, float* least, byte* soon, int piece)
    {
        int share = (piece + table.Panels - 1) / table.Panels;
        byte* asked = soon;
        float* centres = table.Scores;
        float* half = table.Halves;
        int pass = table.Columns * CentroidTable.Panel;
        var running = new Running(TLanes.Broadcast(float.PositiveInfinity), TLanes.Broadcast(0));
        for (int panel = 0; panel < table.Panels; panel++)
        {
            asked = Ask(asked, soon + (share * (panel + 1)));
            TVector a0 = TLanes.Broadcast(half[0]), a1 = TLanes.Broadcast(half[1]), a2 = TLanes.Broadcast(half[2]), a3 = TLanes.Broadcast(half[3]);
            TVector a4 = TLanes.Broadcast(half[4]), a5 = TLanes.Broadcast(half[5]), a6 = TLanes.Broadcast(half[6]), a7 = TLanes.Broadcast(half[7]);
            float* row = rows;
            float* end = centres + pass;
            do
            {
                TVector x = TLanes.Load(row);
                a0 = TLanes.FusedMultiplyAdd(x, TLanes.Broadcast(centres[0]), a0);
                a1 = TLanes.FusedMultiplyAdd(x, TLanes.Broadcast(centres[1]), a1);
                a2 = TLanes.FusedMultiplyAdd(x, TLanes.Broadcast(centres[2]), a2);
                a3 = TLanes.FusedMultiplyAdd(x, TLanes.Broadcast(centres[3]), a3);
                a4 = TLanes.FusedMultiplyAdd(x, TLanes.Broadcast(centres[4]), a4);
                a5 = TLanes.FusedMultiplyAdd(x, TLanes.Broadcast(centres[5]), a5);
                a6 = TLanes.FusedMultiplyAdd(x, TLanes.Broadcast(centres[6]), a6);
                a7 = TLanes.FusedMultiplyAdd(x, TLanes.Broadcast(centres[7]), a7);
                row += TileRows;
                centres += CentroidTable.Panel;
            }
            while (centres < end);

            TVector low = running.Take(a0, a1, a2, a3, a4, a5, a6, a7, TLanes.Broadcast(table.Firsts[panel]));
            if (least != null)
            {
                TLanes.Store(low, least);
                least += TileRows;
            }

            half += CentroidTable.Panel;
        }

        if (scores != null)
            running.Store(scores);
        return running.Finish(norms, table.Certificate, labels);
    }

    /// <summary>The least score (tagged with its place in the panel), the second least, and the panel of the least.</summary>
    private struct Running(TVector start, TVector none)
    {
        private TVector _best = start;
        private TVector _runnerUp = start;
        private TVector _panel = none;

        /// <summary>A tournament of eight: the least two of a panel, then of all so far. Returns the least of the panel.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Take(TVector s0, TVector s1, TVector s2, TVector s3, TVector s4, TVector s5, TVector s6, TVector s7, TVector index)
        {
            s0 = TLanes.Tag(s0, TLanes.Broadcast(Place(0)));
            s1 = TLanes.Tag(s1, TLanes.Broadcast(Place(1)));
            s2 = TLanes.Tag(s2, TLanes.Broadcast(Place(2)));
            s3 = TLanes.Tag(s3, TLanes.Broadcast(Place(3)));
            s4 = TLanes.Tag(s4, TLanes.Broadcast(Place(4)));
            s5 = TLanes.Tag(s5, TLanes.Broadcast(Place(5)));
            s6 = TLanes.Tag(s6, TLanes.Broadcast(Place(6)));
            s7 = TLanes.Tag(s7, TLanes.Broadcast(Place(7)));
            TVector least01 = TLanes.Min(s0, s1), next01 = TLanes.Max(s0, s1);
            TVector least23 = TLanes.Min(s2, s3), next23 = TLanes.Max(s2, s3);
            TVector least45 = TLanes.Min(s4, s5), next45 = TLanes.Max(s4, s5);
            TVector least67 = TLanes.Min(s6, s7), next67 = TLanes.Max(s6, s7);
            TVector least03 = TLanes.Min(least01, least23);
            TVector next03 = TLanes.Min(TLanes.Max(least01, least23), TLanes.Min(next01, next23));
            TVector least47 = TLanes.Min(least45, least67);
            TVector next47 = TLanes.Min(TLanes.Max(least45, least67), TLanes.Min(next45, next67));
            TVector least = TLanes.Min(least03, least47);
            TVector next = TLanes.Min(TLanes.Max(least03, least47), TLanes.Min(next03, next47));
            _panel = TLanes.SelectLess(least, _best, index, _panel);
            _runnerUp = TLanes.Min(TLanes.Max(least, _best), TLanes.Min(next, _runnerUp));
            _best = TLanes.Min(least, _best);
            return least;
        }

        /// <summary>Writes the labels; the rows whose lead does not exceed the bound are marked.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly uint Finish(float* norms, Certificate certificate, int* labels)
        {
            TVector norm = TLanes.Load(norms);
            TVector bound = TLanes.FusedMultiplyAdd(norm, TLanes.Broadcast(certificate.Quadratic), TLanes.Broadcast(certificate.Linear));
            bound = TLanes.FusedMultiplyAdd(norm, bound, TLanes.Broadcast(certificate.Constant));
            TLanes.StoreLabels(_panel, _best, labels);
            return TLanes.NotGreater(TLanes.Subtract(_runnerUp, _best), bound);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(float* scores)
        {
            TLanes.Store(_best, scores);
            TLanes.Store(_runnerUp, scores + TileRows);
        }

        private static float Place(int place) => BitConverter.Int32BitsToSingle(place);
    }
}

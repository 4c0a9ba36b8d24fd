using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>What is kept of each row while centres are screened: d bytes of codes, and 28 of bounds and numbers besides.</summary>
/// <param name="on">The rows and labels.</param>
internal sealed unsafe class ScreenedRows(Labelling on)
{
    private readonly AlignedBuffer<float> _slack = on.Slack;
    private readonly Travel _travel = on.Travel;

    public CodeKernel Kernel { get; } = CodeKernel.For(on.Width);

    /// <summary>The centres. Not changed while slices run.</summary>
    public CodeTable Table { get; set; } = new();

    /// <summary>Rows rounded to seven bits: rows × the stride of the table.</summary>
    public AlignedBuffer<byte> Codes { get; } = new();

    /// <summary>Numbers of each row: rows × <see cref="CodeKernel.RowFacts"/>.</summary>
    public AlignedBuffer<float> Facts { get; } = new();

    /// <summary>Norm bounds of the rows.</summary>
    public AlignedBuffer<float> Norms { get; } = new();

    /// <summary>At most the distance to any centre but the row's own, and the travel of those.</summary>
    public AlignedBuffer<float> Lower { get; } = new();

    /// <summary>At least the distance to the row's own centre, less the travel of that.</summary>
    public AlignedBuffer<float> Upper { get; } = new();

    /// <summary>Makes room.</summary>
    /// <param name="rows">Number of rows, whole tiles.</param>
    public void Reserve(int rows)
    {
        Codes.Reserve(checked(rows * Table.Stride));
        Facts.Reserve(rows * CodeKernel.RowFacts);
        Norms.Reserve(rows);
        Upper.Reserve(rows);
        Lower.Reserve(rows);
    }

    /// <summary>Rounds a row to seven bits.</summary>
    /// <param name="row">Which.</param>
    /// <param name="values">Room for it.</param>
    public void Encode(int row, float* values)
    {
        on.Packer.Centre(on.Rows, row, on.Frame, values);
        float* fact = Facts.Pointer + ((long)row * CodeKernel.RowFacts);
        Kernel.Encode(values, Table.Stride, CodeKernel.Bias, (float)Certificate.NormLimit(on.Frame.ScaleExponent),
            Codes.Pointer + ((long)row * Table.Stride), fact);
        Norms.Pointer[row] = fact[CodeKernel.RowFacts - 1];
    }

    /// <summary>Asks for the memory of a row's codes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Soon(int row)
    {
        byte* at = Codes.Pointer + ((long)row * Table.Stride);
        for (int line = 0; line < Table.Stride && Sse.IsSupported; line += 64)
            Sse.Prefetch0(at + line);
        if (Sse.IsSupported)
            Sse.Prefetch0(Facts.Pointer + ((long)row * CodeKernel.RowFacts));
    }

    /// <summary>Renews the bounds of a row.</summary>
    /// <param name="row">Which.</param>
    /// <param name="label">Its centre.</param>
    /// <param name="lower">At most the distance to any other.</param>
    /// <param name="upper">At least the distance to it.</param>
    public void Bound(int row, int label, float lower, float upper)
    {
        _slack.Pointer[row] = Margins.More(lower - upper, _travel.Table[label]);
        Lower.Pointer[row] = Margins.More(lower, _travel.Others[label]);
        Upper.Pointer[row] = Margins.Less(upper, _travel.Own[label]);
    }

    /// <summary>A row that canonical distances decide: it has no bounds.</summary>
    public int Undecided(int row, SliceWork work)
    {
        (Lower.Pointer[row], Upper.Pointer[row]) = (float.NegativeInfinity, float.PositiveInfinity);
        return on.Undecided(row, work);
    }
}

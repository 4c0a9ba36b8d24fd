using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Mixtures.Components;

/// <summary>
/// What EM needs of rows and their responsibilities: weight, mean and centred second moments of each component, and the log-likelihood.
/// Merges pairwise after Chan, Golub and LeVeque (1979), always left before right, so that one fixed tree gives one result.
/// </summary>
internal sealed class ComponentMoments : Statistic, IStatistic<ComponentMoments>
{
    public ComponentMoments(CovarianceForm form, int k, int columns)
        : this(form, columns, new double[k], new double[checked(k * columns)], new double[checked((int)form.MomentLength(k, columns))])
    {
    }

    private ComponentMoments(CovarianceForm form, int columns, double[] weights, double[] means, double[] seconds)
        => (Form, Columns, Weights, Means, Seconds) = (form, columns, weights, means, seconds);

    public CovarianceForm Form { get; }

    public int K => Weights.Length;

    public int Columns { get; }

    /// <summary>Σ w·r of each component.</summary>
    public double[] Weights { get; }

    /// <summary>k × d: weighted means relative to the step's origins; 0 for a component of weight 0.</summary>
    public double[] Means { get; }

    /// <summary>Σ w·r·(x − mean)(x − mean)ᵀ: packed triangles (full), one for all components about their own means (tied), or diagonals.</summary>
    public double[] Seconds { get; }

    /// <summary>Σ w·ln p(x); 0 where responsibilities do not come from densities.</summary>
    public double LogLikelihood { get; set; }

    /// <summary>Σ w over all rows.</summary>
    public double TotalWeight { get; set; }

    /// <summary>Rows of positive weight.</summary>
    public long Rows { get; set; }

    /// <summary>Densities evaluated to the end: a cost, which varies with what was skipped.</summary>
    public long Densities { get; set; }

    public static byte Kind => 16;

    protected override byte Tag => Kind;

    /// <summary>Everything zero again.</summary>
    public void Clear()
    {
        Array.Clear(Weights);
        Array.Clear(Means);
        Array.Clear(Seconds);
        (LogLikelihood, TotalWeight, Rows, Densities) = (0, 0, 0, 0);
    }

    public override void MergeFrom(Statistic following)
    {
        var other = (ComponentMoments)following;
        if (other.Form != Form || other.K != K || other.Columns != Columns)
            throw new InvalidDataException(
                $"Moments of {other.K} {other.Form.Name()} components in {other.Columns} columns do not merge with {K} {Form.Name()} ones in {Columns}.");
        for (int c = 0; c < K; c++)
            MergeComponent(other, c);
        if (Form == CovarianceForm.Tied)
        {
            for (int i = 0; i < Seconds.Length; i++)
                Seconds[i] += other.Seconds[i];
        }

        LogLikelihood += other.LogLikelihood;
        TotalWeight += other.TotalWeight;
        Rows += other.Rows;
        Densities += other.Densities;
    }

    private void MergeComponent(ComponentMoments other, int c)
    {
        if (other.Weights[c] == 0)
            return;
        int d = Columns;
        Span<double> mean = Means.AsSpan(c * d, d);
        ReadOnlySpan<double> following = other.Means.AsSpan(c * d, d);
        int length = Form == CovarianceForm.Tied ? 0 : Seconds.Length / K;
        if (Weights[c] == 0)
        {
            Weights[c] = other.Weights[c];
            following.CopyTo(mean);
            other.Seconds.AsSpan(c * length, length).CopyTo(Seconds.AsSpan(c * length, length));
            return;
        }

        // The means' difference δ adds δδᵀ·w₁w₂/(w₁ + w₂) to the moments about the common mean.
        double weight = Weights[c] + other.Weights[c];
        double share = other.Weights[c] / weight;
        double factor = Weights[c] * share;
        Span<double> difference = d <= 256 ? stackalloc double[d] : new double[d];
        for (int j = 0; j < d; j++)
        {
            difference[j] = following[j] - mean[j];
            mean[j] = Math.FusedMultiplyAdd(difference[j], share, mean[j]);
        }

        Weights[c] = weight;
        if (Form == CovarianceForm.Tied)
            AddOuter(Seconds, default, difference, factor);
        else if (Form == CovarianceForm.Full)
            AddOuter(Seconds.AsSpan(c * length, length), other.Seconds.AsSpan(c * length, length), difference, factor);
        else
            AddSquares(Seconds.AsSpan(c * length, length), other.Seconds.AsSpan(c * length, length), difference, factor);
    }

    /// <summary>Adds the other's moments, if any, and factor·δδᵀ.</summary>
    private static void AddOuter(Span<double> target, ReadOnlySpan<double> other, ReadOnlySpan<double> difference, double factor)
    {
        for (int i = 0; i < difference.Length; i++)
        {
            double scaled = factor * difference[i];
            Span<double> row = target.Slice(Symmetric.Index(i, 0), i + 1);
            ReadOnlySpan<double> left = difference[..row.Length];
            if (other.IsEmpty)
            {
                for (int j = 0; j < row.Length; j++)
                    row[j] = Math.FusedMultiplyAdd(scaled, left[j], row[j]);
                continue;
            }

            ReadOnlySpan<double> added = other.Slice(Symmetric.Index(i, 0), row.Length);
            for (int j = 0; j < row.Length; j++)
                row[j] = Math.FusedMultiplyAdd(scaled, left[j], row[j] + added[j]);
        }
    }

    private static void AddSquares(Span<double> target, ReadOnlySpan<double> other, ReadOnlySpan<double> difference, double factor)
    {
        for (int j = 0; j < difference.Length; j++)
            target[j] = Math.FusedMultiplyAdd(factor * difference[j], difference[j], target[j] + other[j]);
    }

    protected override void Write(ByteWriter writer)
    {
        writer.Byte((byte)Form);
        writer.Int32(Columns);
        writer.Doubles(Weights);
        writer.Doubles(Means);
        writer.Doubles(Seconds);
        writer.Double(LogLikelihood);
        writer.Double(TotalWeight);
        writer.Int64(Rows);
        writer.Int64(Densities);
    }

    public static ComponentMoments Read(ByteReader reader)
    {
        var form = (CovarianceForm)reader.Byte();
        int columns = reader.Int32();
        var read = new ComponentMoments(form, columns, reader.Doubles(), reader.Doubles(), reader.Doubles())
        {
            LogLikelihood = reader.Double(),
            TotalWeight = reader.Double(),
            Rows = reader.Int64(),
            Densities = reader.Int64(),
        };
        if (!Enum.IsDefined(form) || read.Means.Length != (long)read.K * columns || read.Seconds.Length != form.MomentLength(read.K, columns))
            throw new InvalidDataException("The moments of a mixture's components are damaged: their lengths do not agree.");
        return read;
    }
}

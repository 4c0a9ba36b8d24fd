namespace OrleansCluster.Datasets;

/// <summary>A sum kept as an unevaluated pair (Knuth's TwoSum in Neumaier's arrangement), so that what rounding loses is added in the end.</summary>
internal struct CompensatedSum
{
    private double _sum;
    private double _lost;

    public readonly double Value => _sum + _lost;

    public void Add(double value) => Add(ref _sum, ref _lost, value);

    /// <summary>Adds to a pair that is kept elsewhere.</summary>
    public static void Add(ref double sum, ref double lost, double value)
    {
        double next = sum + value;
        double part = next - sum;
        lost += (sum - (next - part)) + (value - part);
        sum = next;
    }
}

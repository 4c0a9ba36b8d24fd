namespace OrleansCluster.Datasets;

/// <summary>A sum kept as an unevaluated pair (Knuth's TwoSum in Neumaier's arrangement), so that what rounding loses is added in the end.</summary>
internal struct CompensatedSum
{
    private double _sum;
    private double _lost;

    public readonly double Value => _sum + _lost;

    public void Add(double value)
    {
        double sum = _sum + value;
        double part = sum - _sum;
        _lost += (_sum - (sum - part)) + (value - part);
        _sum = sum;
    }
}

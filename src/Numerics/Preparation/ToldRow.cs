namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// Values by the names of their columns, from which steps take back what they did: a centre as people know it. What cannot be taken back stays.
/// </summary>
public sealed class ToldRow
{
    private readonly List<string> _names;
    private readonly List<double> _values;

    /// <param name="names">Names of columns.</param>
    /// <param name="values">A value for each.</param>
    public ToldRow(IEnumerable<string> names, ReadOnlySpan<double> values) => (_names, _values) = ([.. names], [.. values]);

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>A value for each.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>Changes the value of a column, if it is there.</summary>
    internal void Change(string name, Func<double, double> change)
    {
        int place = _names.IndexOf(name);
        if (place >= 0)
            _values[place] = change(_values[place]);
    }

    /// <summary>The value of a column; 0: it is not there.</summary>
    internal double Value(string name) => _names.IndexOf(name) is >= 0 and var place ? _values[place] : 0;

    /// <summary>Puts columns in the place of others, of which the first must be there.</summary>
    internal void Replace(IReadOnlyCollection<string> old, IReadOnlyList<string> names, IReadOnlyList<double> values)
    {
        int place = Math.Max(0, _names.FindIndex(old.Contains));
        for (int i = _names.Count - 1; i >= 0; i--)
        {
            if (!old.Contains(_names[i]))
                continue;
            _names.RemoveAt(i);
            _values.RemoveAt(i);
        }

        _names.InsertRange(place, names);
        _values.InsertRange(place, values);
    }
}

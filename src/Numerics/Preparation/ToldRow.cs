namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// Values by the names of their columns, from which steps take back what they did: a centre as people know it. What cannot be taken back stays.
/// </summary>
public sealed class ToldRow
{
    private readonly List<string> _names;
    private readonly List<double> _values;

    /// <summary>First places by names; null: columns were replaced since they were looked up.</summary>
    private Dictionary<string, int>? _places;

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
        int place = Place(name);
        if (place >= 0)
            _values[place] = change(_values[place]);
    }

    /// <summary>The value of a column; 0: it is not there.</summary>
    internal double Value(string name) => Place(name) is >= 0 and var place ? _values[place] : 0;

    /// <summary>Puts columns in the place of others, of which the first must be there.</summary>
    internal void Replace(IReadOnlyCollection<string> old, IReadOnlyList<string> names, IReadOnlyList<double> values)
    {
        var gone = old.ToHashSet(StringComparer.Ordinal);
        int place = Math.Max(0, _names.FindIndex(gone.Contains)), kept = 0;
        for (int i = 0; i < _names.Count; i++)
        {
            if (!gone.Contains(_names[i]))
                (_names[kept], _values[kept++]) = (_names[i], _values[i]);
        }

        _names.RemoveRange(kept, _names.Count - kept);
        _values.RemoveRange(kept, _values.Count - kept);
        _places = null;
        _names.InsertRange(place, names);
        _values.InsertRange(place, values);
    }

    private int Place(string name)
    {
        if (_places is null)
        {
            _places = new Dictionary<string, int>(_names.Count, StringComparer.Ordinal);
            for (int place = 0; place < _names.Count; place++)
                _places.TryAdd(_names[place], place);
        }

        return _places.GetValueOrDefault(name, -1);
    }
}

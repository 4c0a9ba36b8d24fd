using System.Runtime.InteropServices;

namespace OrleansCluster.Cli.Input;

/// <summary>
/// Some rows of a stream, evenly spread, for a picture: every row at first; whenever there are too many,
/// every other one is let go and from then on only every second is taken.
/// </summary>
internal sealed class RowSample(int columns)
{
    private const int Most = 8192;
    private readonly List<double> _values = [];
    private long _seen;
    private long _stride = 1;

    public int Columns => columns;

    /// <summary>Takes notice of rows: row-major little-endian values.</summary>
    /// <param name="precision"><c>f4</c> or <c>f8</c>.</param>
    public void Add(ReadOnlySpan<byte> values, string precision)
    {
        if (precision == "f4")
            Add(MemoryMarshal.Cast<byte, float>(values));
        else
            Add(MemoryMarshal.Cast<byte, double>(values));
    }

    /// <summary>The rows kept, row-major.</summary>
    public double[] ToArray() => [.. _values];

    private void Add<T>(ReadOnlySpan<T> values)
        where T : struct, System.Numerics.INumberBase<T>
    {
        int rows = values.Length / columns;
        for (int row = 0; row < rows; row++)
        {
            if (_seen++ % _stride != 0)
                continue;
            if (_values.Count == Most * columns)
                Thin();
            if ((_seen - 1) % _stride == 0)
            {
                foreach (T value in values.Slice(row * columns, columns))
                    _values.Add(double.CreateChecked(value));
            }
        }
    }

    private void Thin()
    {
        int kept = 0;
        for (int row = 0; row < Most; row += 2, kept++)
        {
            for (int j = 0; j < columns; j++)
                _values[kept * columns + j] = _values[row * columns + j];
        }

        _values.RemoveRange(kept * columns, _values.Count - kept * columns);
        _stride *= 2;
    }
}

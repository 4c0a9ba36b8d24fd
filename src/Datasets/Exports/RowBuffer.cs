using System.Collections;

namespace OrleansCluster.Datasets;

/// <summary>Rows that are gathered until there are enough for a row group or a record batch.</summary>
/// <param name="columns">Their columns.</param>
internal sealed class RowBuffer(IReadOnlyList<OutputColumn> columns)
{
    private const int Enough = 128 << 10;

    private readonly IList[] _columns =
    [
        .. columns.Select(column => column.Type == typeof(int) ? new List<int>() : column.Type == typeof(long) ? new List<long>()
            : column.Type == typeof(float) ? new List<float>() : column.Type == typeof(string) ? (IList)new List<string>() : new List<double>()),
    ];

    public int Rows => _columns[0].Count;

    public bool IsFull => Rows >= Enough;

    public void Add(IReadOnlyList<Array> rows)
    {
        for (int column = 0; column < _columns.Length; column++)
        {
            switch (_columns[column])
            {
                case List<int> integers:
                    integers.AddRange((int[])rows[column]);
                    break;
                case List<long> integers:
                    integers.AddRange((long[])rows[column]);
                    break;
                case List<float> numbers:
                    numbers.AddRange((float[])rows[column]);
                    break;
                case List<double> numbers:
                    numbers.AddRange((double[])rows[column]);
                    break;
                case List<string> texts:
                    texts.AddRange((string[])rows[column]);
                    break;
            }
        }
    }

    public IReadOnlyList<T> Column<T>(int column) => (List<T>)_columns[column];

    public void Clear()
    {
        foreach (IList column in _columns)
            column.Clear();
    }
}

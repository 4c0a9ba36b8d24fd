using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>
/// Reads rows of a long text in pieces, several at a time, and hands them out in their order. Where something is wrong, or cannot be known of a piece alone,
/// the rest is read line by line from there on (<see cref="TextRowReader"/>), so that messages are those of one who reads from the beginning.
/// </summary>
internal sealed class PiecedTextReader : IRowReader
{
    private const int MostAhead = 16;

    private static readonly int Ahead = Math.Min(Environment.ProcessorCount + 2, MostAhead);

    private readonly TextRows _text;
    private readonly TextPieces _pieces;
    private readonly byte _comment;
    private readonly MergedCategories? _categories;
    private readonly Queue<Task<ReadPiece?>> _ahead = [];
    private readonly Queue<RowBatch> _batches = [];
    private readonly TextRowReader _like;
    private Task<TextPiece?> _reading = Task.FromResult<TextPiece?>(null);
    private TextPiece? _rest;
    private TextRowReader? _inOrder;
    private long _rows;
    private bool _isOver;
    private volatile bool _isLeft;

    /// <param name="text">What is known of the rows.</param>
    /// <param name="lines">At the first of them; they end with this reader.</param>
    /// <param name="size">About how many bytes a piece has.</param>
    public PiecedTextReader(TextRows text, LineReader lines, int size)
    {
        (byte[] begun, Stream behind) = lines.Leave();
        (_text, _comment, _pieces) = (text, lines.Comment, new TextPieces(begun, behind, lines.NextLine, size));
        _like = new TextRowReader(text, lines);
        if (text.Types.Contains(ColumnType.Category))
            _categories = new MergedCategories(Columns, Types);
    }

    public IReadOnlyList<string> Columns => _like.Columns;

    public Precision Precision => _like.Precision;

    public ImmutableArray<ColumnType> Types => _like.Types;

    public IReadOnlyList<string> Categories(int column) => _categories?.Texts(column) ?? [];

    public string? IdColumn => _like.IdColumn;

    public string? WeightColumn => _like.WeightColumn;

    public string? LabelColumn => _like.LabelColumn;

    public bool ReadBatch([NotNullWhen(true)] out RowBatch? batch)
    {
        while (!_batches.TryDequeue(out batch))
        {
            if (_inOrder is not null)
                return _inOrder.ReadBatch(out batch);
            if (!Next())
                return false;
        }

        return true;
    }

    public void Dispose()
    {
        _isLeft = true;
        // A pipe may have nothing to say for long: nobody waits for that.
        if (Task.WaitAny([_reading], TimeSpan.FromSeconds(1)) == 0)
            _pieces.Dispose();
        else
            _reading.ContinueWith(_ => _pieces.Dispose(), TaskScheduler.Default);
    }

    /// <summary>Takes the next piece.</summary>
    /// <returns>False at the end.</returns>
    private bool Next()
    {
        ReadAhead();
        ReadPiece? read = _ahead.TryDequeue(out Task<ReadPiece?>? next) ? next.GetAwaiter().GetResult() : null;
        if (read is null)
            _isOver = true;
        else
            ReadAhead();
        if (_rest is { } rest)
        {
            TextPiece joined = TextPiece.Of(rest.Text, read is null ? [] : read.Piece.Text, rest.Line, read?.Piece.IsLast ?? true);
            rest.Return();
            _rest = null;
            read = read?.Piece.IsBroken == true ? new ReadPiece(joined) : Read(joined);
        }

        if (read is null)
            return false;
        if (read.Reader is null || !TryTake(read))
            ReadInOrder(read.Piece);
        read.Piece.Return();
        return true;
    }

    private void ReadAhead()
    {
        while (!_isOver && _ahead.Count < Ahead)
        {
            // One after the other is read from the text, and then made rows of beside the others.
            _reading = _reading.ContinueWith(_ => _isLeft ? null : _pieces.Next(), TaskScheduler.Default);
            _ahead.Enqueue(_reading.ContinueWith(piece => piece.Result is { } some && !_isLeft ? Read(some) : null, TaskScheduler.Default));
        }
    }

    /// <summary>The rows of a piece, as if it were the first.</summary>
    private ReadPiece Read(TextPiece piece)
    {
        if (piece.IsBroken)
            return new ReadPiece(piece);
        try
        {
            var lines = new LineReader(piece, _text.Name) { Comment = _comment };
            var reader = new TextRowReader(_text, lines, mostRows: piece.Lines);
            reader.ReadQuickly();
            List<RowBatch> batches = [];
            while (reader.ReadBatch(out RowBatch? batch))
                batches.Add(batch);
            return new ReadPiece(piece) { Reader = reader, Batches = batches, Rest = lines.IsUnfinished ? lines.Rest() : null };
        }
        catch (DataFormatException)
        {
            // What is wrong is found again, with what came before.
            return new ReadPiece(piece);
        }
    }

    /// <summary>Has the rows of a piece handed out.</summary>
    /// <returns>False when its columns have too many different texts together with those before.</returns>
    private bool TryTake(ReadPiece read)
    {
        _categories?.Next();
        long rows = _rows;
        try
        {
            foreach (RowBatch batch in read.Batches)
            {
                _batches.Enqueue(batch with { FirstRow = rows, Values = _categories?.Values(read.Reader!, batch, _text.Name) ?? batch.Values });
                rows += batch.Rows;
            }
        }
        catch (DataFormatException)
        {
            _batches.Clear();
            return false;
        }

        (_rows, _rest) = (rows, read.Rest);
        return true;
    }

    /// <summary>Goes on line by line from a piece on.</summary>
    private void ReadInOrder(TextPiece from)
    {
        using var begun = new MemoryStream();
        begun.Write(from.Text);
        foreach (Task<ReadPiece?> ahead in _ahead)
        {
            if (ahead.GetAwaiter().GetResult() is { } read)
                begun.Write(read.Piece.Text);
        }

        _ahead.Clear();
        var lines = new LineReader(new JoinedStream(new MemoryStream(begun.ToArray()), _pieces.Rest()), _text.Name, from.Line) { Comment = _comment };
        _inOrder = new TextRowReader(_text, lines, _rows, _categories?.All);
    }

    /// <param name="piece">What was read.</param>
    private sealed class ReadPiece(TextPiece piece)
    {
        public TextPiece Piece => piece;

        /// <summary>Who read it; null: it has to be read with what came before.</summary>
        public TextRowReader? Reader { get; init; }

        public IReadOnlyList<RowBatch> Batches { get; init; } = [];

        /// <summary>The beginning of a record that goes on behind the piece.</summary>
        public TextPiece? Rest { get; init; }
    }
}

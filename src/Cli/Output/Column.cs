namespace OrleansCluster.Cli.Output;

/// <summary>What gives way when a column's text is wider than there is room.</summary>
internal enum Overflow
{
    /// <summary>Nothing: the column is as wide as its widest cell, or it leaves.</summary>
    None,

    /// <summary>The end, for an ellipsis.</summary>
    CutEnd,

    /// <summary>The beginning, for an ellipsis: of paths, whose end says most.</summary>
    CutStart,

    /// <summary>The text goes on below, at words.</summary>
    Wrap,

    /// <summary>The drawing is made as wide as the column.</summary>
    Draw,
}

/// <summary>A column of a listing, and how it gives way in a narrow window.</summary>
/// <param name="Head">What stands above it.</param>
/// <param name="Overflow">What happens to cells that are wider than the column.</param>
/// <param name="Least">Cells that it is narrowed to at most; of drawings, too.</param>
/// <param name="Leaves">0: it stays in any window; of the others the one with the greatest number leaves first.</param>
internal sealed record Column(string Head, Overflow Overflow, int Least, int Leaves)
{
    /// <summary>Cells that a drawing takes where there is room.</summary>
    public int Natural { get; private init; }

    public bool IsRight { get; private init; }

    /// <summary>Numbers, below each other: never cut, never wrapped.</summary>
    public static Column Number(string head, int leaves = 0) => new(head, Overflow.None, 0, leaves) { IsRight = true };

    /// <summary>Short words, such as a state or a date: never cut, never wrapped.</summary>
    public static Column Word(string head, int leaves = 0) => new(head, Overflow.None, 0, leaves);

    /// <summary>A name, whose end is left out when it must be.</summary>
    public static Column Name(string head, int leaves = 0, int least = 12) => new(head, Overflow.CutEnd, least, leaves);

    /// <summary>A path, whose beginning is left out when it must be.</summary>
    public static Column Path(string head, int leaves = 0, int least = 12) => new(head, Overflow.CutStart, least, leaves);

    /// <summary>Sentences, which go on below.</summary>
    public static Column Prose(string head, int leaves = 0, int least = 20) => new(head, Overflow.Wrap, least, leaves);

    /// <summary>Bars or points, drawn as wide as there is room.</summary>
    public static Column Drawing(string head, int leaves, int natural, int least) => new(head, Overflow.Draw, least, leaves) { Natural = natural };
}

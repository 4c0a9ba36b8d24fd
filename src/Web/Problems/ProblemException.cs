namespace OrleansCluster.Web.Problems;

/// <summary>Ends a request with a problem.</summary>
/// <param name="status">The status of the answer.</param>
/// <param name="kind">The kind of problem, as in <c>urn:orleanscluster:KIND</c>.</param>
/// <param name="detail">What is wrong, where, and what to do.</param>
internal sealed class ProblemException(int status, string kind, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public int Status => status;

    public string Kind => kind;

    /// <summary>The row that holds what cannot be answered, from 0.</summary>
    public long? Row { get; init; }

    /// <summary>The name of its column.</summary>
    public string? Column { get; init; }

    /// <summary>Position of that column, from 0, where it is told by that.</summary>
    public int? ColumnPosition { get; init; }

    /// <summary>What is wrong with the value, without its place.</summary>
    public string? Reason { get; init; }

    /// <summary>Seconds after which asking again is worth it.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The request cannot be understood or carried out as it is.</summary>
    public static ProblemException Bad(string detail, Exception? inner = null) => new(400, ProblemKinds.BadRequest, detail, inner);

    /// <summary>What was sent is not what it must be.</summary>
    public static ProblemException Content(string detail, Exception? inner = null) => new(400, ProblemKinds.UnusableContent, detail, inner);

    /// <summary>There is nothing of this name.</summary>
    public static ProblemException Missing(string detail, Exception? inner = null) => new(404, ProblemKinds.NotFound, detail, inner);

    /// <summary>There is more than is taken.</summary>
    public static ProblemException TooLarge(string detail) => new(413, ProblemKinds.TooLarge, detail);

    /// <summary>What is sent is in no format that is read here.</summary>
    public static ProblemException Format(string detail) => new(415, ProblemKinds.UnknownFormat, detail);
}

/// <summary>Kinds of problems.</summary>
internal static class ProblemKinds
{
    public const string BadRequest = "bad-request";
    public const string UnusableContent = "unusable-content";
    public const string Unauthenticated = "unauthenticated";
    public const string Forbidden = "forbidden";
    public const string TooMany = "too-many";
    public const string NotFound = "not-found";
    public const string Gone = "gone";
    public const string NotAllowed = "method-not-allowed";
    public const string Slow = "too-slow";
    public const string Conflict = "conflict";
    public const string StaleRevision = "stale-revision";
    public const string ReusedKey = "reused-key";
    public const string TooLarge = "too-large";
    public const string UnknownFormat = "unknown-format";
    public const string WrongHost = "wrong-host";
    public const string Unavailable = "unavailable";
    public const string Deadline = "deadline-exceeded";
    public const string Failure = "failure";
    public const string Other = "refused";
}

using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OrleansCluster.Contracts;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Exchange;

/// <summary>What is said behind the question mark.</summary>
internal static class Queries
{
    private const int UsualPage = 100, LargestPage = 1000;

    /// <summary>Refuses parameters that nothing knows: they may be misspelt.</summary>
    public static void Check(HttpRequest request, params ImmutableArray<string> known)
    {
        if (!request.QueryString.HasValue)
            return;
        foreach ((string name, StringValues values) in request.Query)
        {
            if (!known.Contains(name))
                throw ProblemException.Bad(
                    $"Nothing knows the parameter '{name}': {(known.IsEmpty ? "there are none" : $"there are {string.Join(", ", known)}")}.");
            if (values.Count > 1)
                throw ProblemException.Bad($"The parameter '{name}' is given {values.Count} times: give it once.");
        }
    }

    /// <summary>A text; null: it is not said.</summary>
    public static string? Text(HttpRequest request, string name) =>
        request.Query.TryGetValue(name, out StringValues values) && values is [{ Length: > 0 } text] ? text : null;

    /// <summary>A whole number; null: it is not said.</summary>
    public static int? Number(HttpRequest request, string name, int least, int most = int.MaxValue) => Text(request, name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number
        : throw ProblemException.Bad(
            $"The parameter {name} is '{text}', and must be a whole number {(most == int.MaxValue ? $"of at least {least}" : $"from {least} to {most}")}.");

    /// <summary>One of several words; null: it is not said.</summary>
    public static string? Word(HttpRequest request, string name, params ImmutableArray<string> words) => Text(request, name) is not { } text ? null
        : words.Contains(text) ? text
        : throw ProblemException.Bad($"The parameter {name} is '{text}', and must be one of {string.Join(", ", words)}.");

    /// <summary>One page of things in their order.</summary>
    /// <param name="all">All of them.</param>
    /// <param name="key">What <c>after</c> names one by.</param>
    /// <returns>The page, and what <c>after</c> must be for the next one.</returns>
    public static (T[] Page, string? Next) Page<T>(HttpRequest request, IReadOnlyList<T> all, Func<T, string> key)
    {
        int limit = Limit(request), first = 0;
        if (Text(request, "after") is { } after)
        {
            while (first < all.Count && key(all[first]) != after)
                first++;
            if (first == all.Count)
                throw ProblemException.Bad($"The parameter after is '{after}', which nothing here is called: begin again without it.");
            first++;
        }

        T[] page = [.. all.Skip(first).Take(limit)];
        return (page, first + page.Length < all.Count ? key(page[^1]) : null);
    }

    /// <summary>How many things a page has.</summary>
    public static int Limit(HttpRequest request) => Number(request, "limit", 1, LargestPage) ?? UsualPage;

    /// <summary>A number in the path.</summary>
    public static int Version(HttpContext http, string name = "version")
    {
        string text = Path(http, name);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1
            ? number
            : throw ProblemException.Missing($"'{text}' is no number of a version: versions count from 1.");
    }

    /// <summary>A whole number in the path as the .NET client writes it: 0 stands for what is meant when nothing is said.</summary>
    public static int Whole(HttpContext http, string name) =>
        int.TryParse(Path(http, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw ProblemException.Bad($"'{Path(http, name)}' in the place of {name} is no whole number.");

    /// <summary>A whole number behind the question mark, which must be said.</summary>
    public static long Whole(HttpRequest request, string name) =>
        long.TryParse(Text(request, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw ProblemException.Bad($"The parameter {name} is '{Text(request, name)}', and must be a whole number.");

    /// <summary>A part of the path, its letters composed, as names are.</summary>
    public static string Path(HttpContext http, string name) => ComposedText.Of((string)http.Request.RouteValues[name]!);
}

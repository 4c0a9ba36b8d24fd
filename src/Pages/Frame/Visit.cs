using OrleansCluster.Tenancy;

namespace OrleansCluster.Pages.Frame;

/// <summary>Who looks at a page, where it is, and what of it is wanted.</summary>
public sealed record Visit
{
    /// <summary>Where the page is: <c>/models/places</c>; empty: nowhere, it is a file.</summary>
    public string Path { get; init; } = "";

    /// <summary>What stands behind the question mark, decoded; without what asks for one picture.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>What whoever looks may do, see <see cref="Roles"/>.</summary>
    public string Role { get; init; } = Roles.Reader;

    /// <summary>Who it is, for people; empty: nobody was asked.</summary>
    public string Who { get; init; } = "";

    /// <summary>Whether whoever looks has signed in, and can sign out.</summary>
    public bool IsSignedIn { get; init; }

    /// <summary>Whether people have to sign in here.</summary>
    public bool HasKeys { get; init; }

    /// <summary>Whether whoever looks may see the silos, which work for all tenants.</summary>
    public bool LooksAfterCluster { get; init; }

    /// <summary>What forms must bring back with them, made anew for each page.</summary>
    public Func<string> Token { get; init; } = () => "";

    /// <summary>A command line that does the same, of the arguments.</summary>
    public Func<string, string> Suggest { get; init; } = arguments => "cluster " + arguments;

    /// <summary>The picture, or the numbers behind it, that is wanted instead of the page; null: the page is.</summary>
    public Wanted? Wanted { get; init; }

    /// <summary>Whether the page is a file that stands alone: it has no links to others and nothing can be done on it.</summary>
    public bool IsFile => Path.Length == 0;

    /// <summary>Whether whoever looks may do what a role may.</summary>
    public bool May(string role) => !IsFile && Roles.Includes(Role, role);

    /// <summary>The address of this page with something else behind the question mark.</summary>
    /// <param name="name">What is said.</param>
    /// <param name="value">How; null: it is not.</param>
    public string With(string name, string? value) => Address(
        Path, [.. Query.Where(part => part.Key != name), .. value is null ? Array.Empty<KeyValuePair<string, string>>() : [new(name, value)]]);

    /// <summary>An address.</summary>
    public static string Address(string path, params IReadOnlyList<KeyValuePair<string, string>> query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Count == 0 ? path
            : $"{path}?{string.Join('&', query.Select(part => $"{Uri.EscapeDataString(part.Key)}={Uri.EscapeDataString(part.Value)}"))}";
    }

    /// <summary>The address of a model's page.</summary>
    public static string OfModel(string model, string page = "", int version = 0)
    {
        string path = $"/models/{Uri.EscapeDataString(model)}{(page.Length > 0 ? "/" + page : "")}";
        return version > 0 ? $"{path}?version={version}" : path;
    }

    /// <summary>The address of a dataset's page.</summary>
    public static string OfDataset(string dataset, int version = 0) =>
        $"/data/{Uri.EscapeDataString(dataset)}{(version > 0 ? $"?version={version}" : "")}";

    /// <summary>The address of a job's page.</summary>
    public static string OfJob(string job) => $"/jobs/{Uri.EscapeDataString(job)}";
}

/// <summary>A picture that is wanted by itself.</summary>
/// <param name="Id">Which of the page's.</param>
/// <param name="IsTable">Whether its numbers are wanted.</param>
public sealed record Wanted(string Id, bool IsTable)
{
    /// <summary>The file, once the page is rendered; null: the page has no such picture.</summary>
    public string? File { get; private set; }

    internal void Take(string file) => File ??= file;
}

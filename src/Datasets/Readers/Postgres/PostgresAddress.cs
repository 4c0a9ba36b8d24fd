using System.Globalization;
using Npgsql;

namespace OrleansCluster.Datasets;

/// <summary>
/// A table or query of a PostgreSQL database: <c>postgres://[USER@]HOST[:PORT]/DATABASE?table=[SCHEMA.]NAME</c>, or <c>?query=SELECT …</c>, which goes on to
/// the end as it stands. A password is never part of it: it comes from <c>PGPASSWORD</c>, or from the file that <c>PGPASSFILE</c> or <c>passfile=</c> names,
/// else <c>~/.pgpass</c>.
/// </summary>
public sealed class PostgresAddress
{
    private const int DefaultPort = 5432;

    /// <summary>Rows come many at a time.</summary>
    private const int CopyBufferBytes = 1 << 16;

    private const string Password = "holds a password, which other users of the machine can read: give it in the environment as PGPASSWORD, or in a file that "
        + "PGPASSFILE names";

    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    private PostgresAddress(string host, int port, string database, string? user) => (Host, Port, Database, User) = (host, port, database, user);

    public string Host { get; }

    public int Port { get; }

    public string Database { get; }

    /// <summary>The table, as it is written; null: a query is meant.</summary>
    public string? Table { get; private set; }

    /// <summary>The query; null: a table is meant.</summary>
    public string? Query { get; private set; }

    private string? User { get; }

    private string? Passfile { get; set; }

    private SslMode? SslMode { get; set; }

    /// <summary>Whether a text is an address of this kind, right or wrong.</summary>
    public static bool Is(string text) => Array.Exists(Schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads an address.</summary>
    /// <exception cref="DataFormatException">It is wrong; the message says how it is written, and repeats no password.</exception>
    public static PostgresAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        int question = rest.IndexOf('?', StringComparison.Ordinal);
        (string place, string asked) = question < 0 ? (rest, "") : (rest[..question], rest[(question + 1)..]);
        int slash = place.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || slash == place.Length - 1)
            throw Wrong("names no database");
        string authority = place[..slash];
        int at = authority.LastIndexOf('@');
        string? user = at < 0 ? null : authority[..at];
        if (user?.Contains(':', StringComparison.Ordinal) == true)
            throw Wrong(Password);
        (string host, int port) = HostAndPort(authority[(at + 1)..]);
        var address = new PostgresAddress(host, port, Uri.UnescapeDataString(place[(slash + 1)..]), user is null ? null : Uri.UnescapeDataString(user));
        address.Ask(asked);
        return address;
    }

    /// <summary>Without the user, for messages and for what is kept of where rows came from.</summary>
    public string Show() => string.Create(CultureInfo.InvariantCulture,
        $"postgres://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}/{Database}?"
            + $"{(Table is null ? $"query={Query}" : $"table={Table}")}");

    /// <summary>The table's name, quoted for SQL.</summary>
    internal string QuotedTable() => string.Join('.', Table!.Split('.').Select(Quote));

    /// <summary>A name, quoted for SQL.</summary>
    internal static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>How to connect. Npgsql finds the password.</summary>
    internal string ConnectionString()
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Database = Database,
            Pooling = false,
            ReadBufferSize = CopyBufferBytes,
            ApplicationName = "orleanscluster",
            // A copy takes as long as it takes.
            CommandTimeout = 0,
        };
        if (User is not null)
            connection.Username = User;
        if (Passfile is not null)
            connection.Passfile = Passfile;
        if (SslMode is { } mode)
            connection.SslMode = mode;
        return connection.ConnectionString;
    }

    private static (string Host, int Port) HostAndPort(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon < text.LastIndexOf(']'))
            colon = -1;
        string host = (colon < 0 ? text : text[..colon]).Trim('[', ']');
        if (colon < 0)
            return (host.Length == 0 ? "localhost" : host, DefaultPort);
        return int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65536
            ? (host.Length == 0 ? "localhost" : host, port) : throw Wrong($"has the port '{text[(colon + 1)..]}', which is no number from 1 to 65535");
    }

    private void Ask(string asked)
    {
        while (asked.Length > 0)
        {
            int equals = asked.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? asked : asked[..equals], value = equals < 0 ? "" : asked[(equals + 1)..];
            if (key == "query")
            {
                (Query, asked) = (value.Trim().TrimEnd(';'), "");
                continue;
            }

            int and = value.IndexOf('&', StringComparison.Ordinal);
            (value, asked) = and < 0 ? (value, "") : (value[..and], value[(and + 1)..]);
            Take(key, Uri.UnescapeDataString(value));
        }

        if (string.IsNullOrWhiteSpace(Table) == string.IsNullOrWhiteSpace(Query))
            throw Wrong(string.IsNullOrWhiteSpace(Table) ? "names neither a table nor a query" : "names both a table and a query");
    }

    private void Take(string key, string value)
    {
        switch (key)
        {
            case "table":
                Table = value;
                break;
            case "passfile":
                Passfile = value;
                break;
            case "sslmode":
                SslMode = Enum.TryParse(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out SslMode mode) && Enum.IsDefined(mode) ? mode
                    : throw Wrong($"has sslmode={value}: give disable, allow, prefer, require, verify-ca or verify-full");
                break;
            case "password":
                throw Wrong(Password);
            default:
                throw Wrong($"asks for '{key}', which is unknown: there are table, query, passfile and sslmode");
        }
    }

    private static DataFormatException Wrong(string what) =>
        new($"The address of a PostgreSQL table {what}. Write postgres://USER@HOST:PORT/DATABASE?table=NAME, or ?query=SELECT … as the last of it.");
}

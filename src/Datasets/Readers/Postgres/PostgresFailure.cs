using Npgsql;

namespace OrleansCluster.Datasets;

/// <summary>What the server and the library say, as messages that name the table and what to do.</summary>
internal static class PostgresFailure
{
    /// <summary>What messages call the table or query.</summary>
    public static string NameOf(PostgresAddress address) =>
        $"{(address.Table is { } table ? $"the table {table}" : "the query")} of the database {address.Database} at {address.Host}";

    /// <summary>Asks the database.</summary>
    /// <exception cref="DataFormatException">It refuses, or is not reached.</exception>
    public static T Guard<T>(PostgresAddress address, Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (PostgresException e)
        {
            string remedy = e.SqlState switch
            {
                PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                    " Give the user in the address (USER@HOST), and the password in the environment as PGPASSWORD, or in a file that PGPASSFILE names.",
                PostgresErrorCodes.UndefinedTable => " Give its schema as well, if it is not on the search path: table=SCHEMA.NAME.",
                PostgresErrorCodes.ReadOnlySqlTransaction => " Only a query that changes nothing is carried out.",
                _ => "",
            };
            throw new DataFormatException($"{NameOf(address)} cannot be used: {e.MessageText.TrimEnd('.')}.{remedy}", e);
        }
        catch (NpgsqlException e)
        {
            string reason = (e.InnerException ?? e).Message.Split('\n')[0].TrimEnd('.', ' ');
            string remedy = e.Message.Contains("password", StringComparison.OrdinalIgnoreCase)
                ? " Give it in the environment as PGPASSWORD, or in a file that PGPASSFILE names." : "";
            throw new DataFormatException($"{NameOf(address)} cannot be used: {reason}.{remedy}", e);
        }
        catch (Exception e) when (e is TimeoutException or System.Net.Sockets.SocketException or InvalidCastException or IOException
            or UnauthorizedAccessException)
        {
            throw new DataFormatException($"{NameOf(address)} cannot be used: {e.Message.Split('\n')[0].TrimEnd('.', ' ')}.", e);
        }
    }
}

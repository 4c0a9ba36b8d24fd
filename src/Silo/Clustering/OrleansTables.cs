using System.Data.Common;
using Npgsql;

namespace OrleansCluster.Silo.Clustering;

/// <summary>
/// Makes the tables of Orleans' ADO.NET providers from the operator's copy of Orleans' SQL scripts. Each script is applied in one transaction and only
/// when what it makes is not there, so it can be run again at any time, also by several at once.
/// </summary>
public static class OrleansTables
{
    /// <summary>Scripts in the order in which they build on each other, with a query that tells whether one was applied.</summary>
    private static readonly (string Script, string Applied)[] Scripts =
    [
        ("PostgreSQL-Main.sql", "select to_regclass('orleansquery') is not null"),
        ("PostgreSQL-Clustering.sql", "select to_regclass('orleansmembershiptable') is not null"),
        ("PostgreSQL-Persistence.sql", "select to_regclass('orleansstorage') is not null"),
        ("PostgreSQL-Reminders.sql", "select to_regclass('orleansreminderstable') is not null"),
        ("PostgreSQL-Clustering-3.7.0.sql", "select exists(select from orleansquery where querykey = 'CleanupDefunctSiloEntriesKey')"),
    ];

    /// <summary>Applies the scripts that were not applied yet and answers their names.</summary>
    /// <param name="overrides">Settings that win over files and environment.</param>
    /// <param name="folder">Where the scripts are, at any depth.</param>
    /// <param name="cancellation">Ends it between two scripts.</param>
    /// <exception cref="ClusteringException">A setting or a script is missing, or the database refuses.</exception>
    public static async Task<IReadOnlyList<string>> CreateAsync(IEnumerable<KeyValuePair<string, string?>> overrides, string folder,
        CancellationToken cancellation = default)
    {
        var section = new SettingsSection(ConfigurationOverrides.Ordinary(overrides).GetSection(ClusterSettings.Section));
        string connection = section.Secret("Connection");
        if (connection.Length == 0)
            throw section.Wrong("Connection", $"is missing: it names the PostgreSQL database, as in {ClusterSettings.Example(ClusteringKind.Postgres)}");
        if (!Directory.Exists(folder))
            throw new ClusteringException($"There is no folder {folder}: name the one with Orleans' SQL scripts.");
        var applied = new List<string>();
        try
        {
            await using NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
            foreach ((string script, string test) in Scripts)
            {
                if (await Apply(database, Find(folder, script), test, cancellation).ConfigureAwait(false))
                    applied.Add(script);
            }
        }
        catch (Exception e) when (e is DbException or ArgumentException or TimeoutException)
        {
            string why = Secrets.Hide(e.Message, Secrets.In(connection));
            throw new ClusteringException($"The database that the setting Cluster:Connection names cannot be prepared: {why}", e);
        }

        return applied;
    }

    private static async Task<bool> Apply(NpgsqlDataSource database, string file, string test, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using (var alone = new NpgsqlCommand("select pg_advisory_xact_lock(7305005)", connection, transaction))
            await alone.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await using (var done = new NpgsqlCommand(test, connection, transaction))
        {
            if (await done.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true)
                return false;
        }

        string text = await File.ReadAllTextAsync(file, cancellation).ConfigureAwait(false);
        await using (var script = new NpgsqlCommand(text, connection, transaction))
            await script.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    private static string Find(string folder, string script) =>
        Directory.EnumerateFiles(folder, script, SearchOption.AllDirectories).Order(StringComparer.Ordinal).FirstOrDefault()
        ?? throw new ClusteringException($"There is no {script} in {folder} or below: name the folder with Orleans' SQL scripts of the version that this "
            + "program uses.");
}

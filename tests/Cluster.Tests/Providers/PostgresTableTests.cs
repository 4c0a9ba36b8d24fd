using System.Runtime.InteropServices;
using Npgsql;
using OrleansCluster.Cluster.Tests.Clusters;
using OrleansCluster.Cluster.Tests.Parts;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Cluster.Tests.Providers;

/// <summary>Tables of a PostgreSQL database as rows, and answers written into one.</summary>
public sealed class PostgresTableTests(PostgresTableTests.Database database) : IClassFixture<PostgresTableTests.Database>
{
    private static readonly ReadOptions Typed = new() { Typed = true, AllowsMissing = true, Precision = Precision.Float64 };

    [Fact]
    public async Task A_table_of_all_types_is_read_as_the_same_table_in_a_file()
    {
        await database.Execute("""
            CREATE TYPE mood AS ENUM ('glad', 'sad');
            CREATE TABLE kinds (s smallint, i integer, l bigint, r real, d double precision, n numeric(30, 20), b boolean, t text, v varchar(9), m mood,
                day date, at timestamptz, "odd ""name" integer);
            INSERT INTO kinds VALUES
                (1, -2, 9007199254740992, 0.1, 0.1, 0.12345678901234567890, true, 'a,b', 'x', 'glad', '2024-02-29', '2024-02-29 12:34:56.789012+02', 7),
                (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
                (-32768, 5, 3, -1e30, 1e300, 5e-20, false, 'c', 'y', 'sad', '1969-12-31', '1970-01-01 00:00:00+00', 8);
            """);
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, """"
                s,i,l,r,d,n,b,t,v,m,day,at,"odd ""name"
                1,-2,9007199254740992,0.1,0.1,0.12345678901234567890,true,"a,b",x,glad,2024-02-29,2024-02-29T12:34:56.789012+02:00,7
                ,,,,,,,,,,,,
                -32768,5,3,-1e30,1e300,5e-20,false,c,y,sad,1969-12-31,1970-01-01T00:00:00Z,8
                """");
            Read wanted = Read.All(file, Typed), found = Read.All(database.Address("table=kinds"), Typed);
            found.Columns.ShouldBe(wanted.Columns);
            found.Types.ShouldBe(wanted.Types);
            // float32 is what the table holds; in the file it is written as it was shown.
            wanted.Values[3] = 0.1f;
            wanted.Values[29] = -1e30f;
            found.Values.Select(BitConverter.DoubleToInt64Bits).ShouldBe(wanted.Values.Select(BitConverter.DoubleToInt64Bits));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_large_table_is_read_in_pieces_as_of_one_moment_in_the_order_in_which_it_is_stored()
    {
        // Some 25 MB: four pieces.
        await database.Execute("CREATE TABLE many AS SELECT i AS id, i * 0.5 AS x, repeat('x', 30) AS filling FROM generate_series(0, 299999) AS i");
        using ITable table = TableFile.Open(database.Address("table=many"), Typed);
        // What changes after the table was opened is not seen, though most of it is still unread.
        await database.Execute("DELETE FROM many WHERE id % 3 = 0; INSERT INTO many SELECT i, 0, '' FROM generate_series(300000, 310000) AS i");
        using IRowReader reader = table.Read(Typed, [0, 1]);
        long row = 0;
        while (reader.ReadBatch(out RowBatch? batch))
        {
            ReadOnlySpan<double> values = MemoryMarshal.Cast<byte, double>(batch.Values.Span);
            for (int i = 0; i < values.Length; i += 2, row++)
            {
                if (values[i] != row || values[i + 1] != row * 0.5)
                    Assert.Fail($"row {row} is {values[i]}, {values[i + 1]}");
            }
        }

        row.ShouldBe(300_000);
        // Whoever wants no more does not wait for the rest.
        Read.All(database.Address("table=many"), Typed with { Limit = 3, Columns = "id" }).Values.Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_query_is_read_and_one_that_changes_anything_is_refused()
    {
        await database.Execute("CREATE SCHEMA shop; CREATE TABLE shop.visits (age integer, spent numeric); "
            + "INSERT INTO shop.visits VALUES (30, 1.5), (40, 2.5)");
        Read.All(database.Address("query=SELECT age + 1 AS a, spent * 2 AS b FROM shop.visits WHERE age > 35 AND spent = 2.5"), Typed).Values.ShouldBe([41, 5]);
        Read.All(database.Address("table=shop.visits"), Typed).Values.ShouldBe([30, 1.5, 40, 2.5]);
        Refused(database.Address("query=DELETE FROM shop.visits RETURNING age")).ShouldContain("syntax error");
        Refused(database.Address("query=WITH gone AS (DELETE FROM shop.visits RETURNING age) SELECT * FROM gone")).ShouldContain("WITH");
        Read.All(database.Address("query=SELECT count(*) AS n FROM shop.visits"), Typed).Values.ShouldBe([2]);
    }

    [Fact]
    public void What_cannot_be_read_is_told_with_what_to_do_and_without_a_password()
    {
        Refused(database.Address("table=nothing")).ShouldContain("relation \"nothing\" does not exist. Give its schema as well");
        Refused(database.Address("query=SELECT 'infinity'::date AS d, 1 AS n")).ShouldContain("'d'");
        Refused(database.Address("query=SELECT ARRAY[1] AS list")).ShouldContain("column 'list' holds values of the type integer[], which is not read");
        Refused("postgres://cluster@127.0.0.1:1/postgres?table=t").ShouldContain("the table t of the database postgres at 127.0.0.1 cannot be used");
        Refused(database.Address("table=t").Replace("passfile=", "passfile=/nowhere/", StringComparison.Ordinal)).ShouldContain("/nowhere/");
        Refused(database.Address("table=t").Replace("passfile=", "sslmode=disable&table=", StringComparison.Ordinal)).ShouldContain("PGPASSWORD");
        foreach (string address in (string[])["postgres://u:open-sesame@h/d?table=t", "postgres://h/d?table=t&password=open-sesame"])
        {
            string told = Refused(address);
            told.ShouldContain("PGPASSFILE");
            told.ShouldNotContain("open-sesame");
        }

        Refused("postgres://h?table=t").ShouldContain("names no database");
        Refused("postgres://h/d").ShouldContain("names neither a table nor a query");
        Refused("postgres://h:x/d?table=t").ShouldContain("has the port 'x'");
        Refused("postgres://h/d?table=t&colour=red").ShouldContain("'colour', which is unknown");
    }

    [Fact]
    public async Task Answers_are_written_in_one_transaction_into_a_new_table_or_behind_those_of_one()
    {
        OutputColumn[] columns = [new("row", typeof(long)), new("cluster", typeof(int)), new("distance", typeof(double)), new("who", typeof(string))];
        string address = database.Address("table=answers");
        using (ITableWriter file = TableWriter.Create(address, columns))
        {
            file.Write([new long[] { 0, 1 }, new[] { 3, 4 }, new[] { 0.5, double.NaN }, new[] { "a", "" }]);
            // Nobody sees it yet.
            await Should.ThrowAsync<PostgresException>(database.Execute("SELECT * FROM answers"));
            file.Commit();
        }

        using (ITableWriter broken = TableWriter.Create(address, columns))
            broken.Write([new long[] { 9 }, new[] { 9 }, new[] { 9.0 }, new[] { "never" }]);
        using (ITableWriter more = TableWriter.Create(address, columns[..2]))
        {
            more.Write([new long[] { 2 }, new[] { 5 }]);
            more.Commit();
        }

        (await database.Text("SELECT string_agg(concat_ws('|', \"row\", cluster, coalesce(distance::text, '-'), coalesce(who, '-')), ' ' ORDER BY \"row\") "
            + "FROM answers"))
            .ShouldBe("0|3|0.5|a 1|4|-|- 2|5|-|-");
        Should.Throw<DataFormatException>(() => TableWriter.Create(address, [new("row", typeof(string))]))
            .Message.ShouldContain("'row' of the table answers is of the type bigint, and text is written");
        Should.Throw<DataFormatException>(() => TableWriter.Create(address, [new("score", typeof(double))])).Message.ShouldContain("has no column 'score'");
    }

    [Fact]
    public async Task True_and_false_times_and_short_numbers_have_types_of_their_own()
    {
        OutputColumn[] columns = [new("b", typeof(bool)), new("t", typeof(DateTime)), new("f", typeof(float))];
        for (int time = 0; time < 2; time++)
        {
            // Into a table that is made, and behind its rows.
            using ITableWriter file = TableWriter.Create(database.Address("table=typed"), columns);
            file.Write([new[] { 1.0, double.NaN }, new[] { 1_700_000_000.25, double.NaN }, new[] { 0.1f, float.NaN }]);
            file.Commit();
        }

        (await database.Text("SELECT string_agg(DISTINCT concat_ws('|', b::text, extract(epoch FROM t)::text, f::text), ' ') FROM typed WHERE b"))
            .ShouldBe("true|1700000000.250000|0.1");
        (await database.Text("SELECT count(*)::text FROM typed WHERE b IS NULL AND t IS NULL AND f IS NULL")).ShouldBe("2");
    }

    [Fact]
    public async Task A_command_trains_on_a_table_and_writes_the_labels_into_another_and_keeps_no_secret()
    {
        await database.Execute("CREATE TABLE points AS SELECT i AS id, (i % 3) * 10 + (i * 7919 % 101) / 100.0 AS x, (i % 2) * 5 AS y "
            + "FROM generate_series(1, 300) AS i");
        string folder = Directory.CreateTempSubdirectory("cluster-table-").FullName;
        try
        {
            foreach (string[] words in (string[][])[
                ["train", "kmeans", "--data", database.Address("table=points"), "--id-column", "id", "--k", "3", "--home", folder],
                ["assign", "--model", "points", "--data", database.Address("table=points"), "--id-column", "id", "--out", database.Address("table=labels"),
                    "--home", folder]])
            {
                using var command = SiloCluster.Command(words, folder);
                (await command.EndAsync(TimeSpan.FromMinutes(1))).ShouldBe(0, command.Output);
                command.Output.ShouldNotContain(database.Secret);
            }

            (await database.Text("SELECT count(*) || ' ' || count(DISTINCT cluster) || ' ' || min(id) FROM labels")).ShouldBe("300 3 1");
            Exposure.Files(folder, database.Secret).ShouldBeEmpty();
            Exposure.Files(folder, "pgpass").ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Refused(string address) => Should.Throw<DataFormatException>(() => Read.All(address, Typed)).Message;

    /// <summary>All that a table holds.</summary>
    private sealed record Read(string[] Columns, ColumnType[] Types, double[] Values)
    {
        public static Read All(string path, ReadOptions options)
        {
            using IRowReader reader = TableFile.Read(path, options);
            var values = new List<double>();
            while (reader.ReadBatch(out RowBatch? batch))
                values.AddRange(MemoryMarshal.Cast<byte, double>(batch.Values.Span));
            return new Read([.. reader.Columns], [.. reader.Types], [.. values]);
        }
    }

    /// <summary>One server for all of them.</summary>
    public sealed class Database : IAsyncLifetime
    {
        private PostgresServer _server = null!;

        internal string Secret => _server.Secret;

        public async ValueTask InitializeAsync() => _server = await PostgresServer.StartEmptyAsync();

        public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

        internal string Address(string asked) => _server.Address(asked);

        internal async Task Execute(string sql)
        {
            await using NpgsqlDataSource source = NpgsqlDataSource.Create(_server.Connection);
            await using NpgsqlCommand command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }

        internal async Task<string> Text(string sql)
        {
            await using NpgsqlDataSource source = NpgsqlDataSource.Create(_server.Connection);
            await using NpgsqlCommand command = source.CreateCommand(sql);
            return (string)(await command.ExecuteScalarAsync())!;
        }
    }
}

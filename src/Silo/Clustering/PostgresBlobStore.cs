using System.Data.Common;
using System.Runtime.CompilerServices;
using Npgsql;
using OrleansCluster.Datasets;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Silo.Clustering;

/// <summary>
/// Blobs in two tables of a PostgreSQL database: <c>oc_blob_parts</c> holds content in pieces under the number of an upload, <c>oc_blobs</c> says
/// which upload a hash stands for, so a blob appears whole with one row. Shards are read from a local copy.
/// </summary>
internal sealed class PostgresBlobStore(NpgsqlDataSource database, LocalBlobCache cache) : IBlobStore, IAsyncDisposable
{
    private const int PartBytes = 1 << 20;

    /// <summary>Held in common by those who name uploads, and alone by who removes uploads that nobody names.</summary>
    private const string UnfinishedLock = "7305005";

    private const string Tables = """
        create table if not exists oc_blobs (hash text primary key, upload bigint not null, length bigint not null);
        create table if not exists oc_blob_parts (upload bigint not null, part int not null, bytes bytea not null, primary key (upload, part));
        create sequence if not exists oc_blob_uploads;
        alter table oc_blobs add column if not exists touched timestamptz not null default now();
        alter table oc_blob_parts add column if not exists written timestamptz not null default now();
        """;

    /// <summary>Connects and makes the tables that are missing.</summary>
    /// <exception cref="ClusteringException">The database cannot be used; the message names the setting.</exception>
    public static async Task<PostgresBlobStore> OpenAsync(string connection, LocalBlobCache cache, CancellationToken cancellation)
    {
        try
        {
            NpgsqlDataSource database = NpgsqlDataSource.Create(connection);
            await using NpgsqlConnection open = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            await using NpgsqlTransaction transaction = await open.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            // Silos that start together must not make the tables at the same time.
            await using (var one = new NpgsqlCommand("select pg_advisory_xact_lock(7305004);" + Tables, open, transaction))
                await one.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return new PostgresBlobStore(database, cache);
        }
        catch (Exception e) when (e is DbException or ArgumentException or TimeoutException)
        {
            string why = Secrets.Hide(e.Message, Secrets.In(connection));
            throw new ClusteringException($"The database that the setting Cluster:BlobConnection names cannot be used: {why}", e);
        }
    }

    public BlobWriter Create() => new Writer(this);

    public Task<byte[]> ReadAsync(string hash, CancellationToken cancellation = default) => Guard(async () =>
    {
        (long upload, long length) = await Find(hash, cancellation).ConfigureAwait(false);
        var content = new byte[length];
        int filled = 0;
        await ReadParts(upload, part =>
        {
            if (filled + part.Length <= content.Length)
                part.CopyTo(content, filled);
            filled += part.Length;
            return ValueTask.CompletedTask;
        }, cancellation).ConfigureAwait(false);
        return filled == length && ContentHash.Of(content) == hash ? content : throw Damaged(hash);
    });

    public Task<bool> ExistsAsync(string hash, CancellationToken cancellation = default) => Guard(async () =>
    {
        await using NpgsqlCommand command = database.CreateCommand("select 1 from oc_blobs where hash = $1");
        command.Parameters.AddWithValue(hash);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not null;
    });

    public Task<bool> DeleteAsync(string hash, CancellationToken cancellation = default) => Guard(async () =>
    {
        await using NpgsqlCommand command = database.CreateCommand(
            "with gone as (delete from oc_blobs where hash = $1 returning upload), parts as (delete from oc_blob_parts where upload in (select upload from "
                + "gone)) select count(*) from gone");
        command.Parameters.AddWithValue(hash);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is long and > 0;
    });

    public Task<bool> DeleteAsync(string hash, DateTimeOffset before, CancellationToken cancellation = default) => Guard(async () =>
    {
        await using NpgsqlCommand command = database.CreateCommand("""
            with gone as (delete from oc_blobs where hash = $1 and touched < $2 returning upload)
            delete from oc_blob_parts where upload in (select upload from gone)
            """);
        command.Parameters.AddWithValue(hash);
        command.Parameters.AddWithValue(before.ToUniversalTime());
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) > 0;
    });

    public Task<long> RemoveUnfinishedAsync(DateTimeOffset before, CancellationToken cancellation = default) => Guard(async () =>
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        // Nobody names an upload while it is looked for those that nobody names.
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select pg_advisory_xact_lock({UnfinishedLock})"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            with left_over as (
                select upload from oc_blob_parts as parts where not exists (select 1 from oc_blobs where oc_blobs.upload = parts.upload)
                group by upload having max(written) < $1),
            gone as (delete from oc_blob_parts where upload in (select upload from left_over) returning length(bytes)::bigint as bytes)
            select coalesce(sum(bytes), 0)::bigint from gone
            """)
        {
            Parameters = { new NpgsqlParameter { Value = before.ToUniversalTime() } },
        });
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? reader.GetInt64(0) : 0;
    });

    public Task<bool> TouchAsync(string hash, CancellationToken cancellation = default) => Guard(async () =>
    {
        await using NpgsqlCommand command = database.CreateCommand("update oc_blobs set touched = now() where hash = $1");
        command.Parameters.AddWithValue(hash);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) > 0;
    });

    public async IAsyncEnumerable<StoredBlob> DescribeAsync(string after = "", [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            string last = after;
            List<StoredBlob> page = await Guard(async () =>
            {
                await using NpgsqlCommand command = database.CreateCommand(
                    "select hash, length, touched from oc_blobs where hash collate \"C\" > $1 order by hash collate \"C\" limit 1000");
                command.Parameters.AddWithValue(last);
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                var found = new List<StoredBlob>();
                while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
                    found.Add(new StoredBlob(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2)));
                return found;
            }).ConfigureAwait(false);
            foreach (StoredBlob blob in page)
                yield return blob;
            if (page.Count == 0)
                yield break;
            after = page[^1].Hash;
        }
    }

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        List<string> hashes = await Guard(async () =>
        {
            await using NpgsqlCommand command = database.CreateCommand("select hash from oc_blobs order by hash collate \"C\"");
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            var all = new List<string>();
            while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
                all.Add(reader.GetString(0));
            return all;
        }).ConfigureAwait(false);
        foreach (string hash in hashes)
            yield return hash;
    }

    public Task<string> LocalPathAsync(string hash, CancellationToken cancellation = default) => cache.Get(hash, file => CopyAsync(hash, file, cancellation));

    public Task<string> StoredPathAsync(string hash, CancellationToken cancellation = default) =>
        cache.GetAgain(hash, file => CopyAsync(hash, file, cancellation));

    private Task<bool> CopyAsync(string hash, AtomicFile file, CancellationToken cancellation) => Guard(async () =>
    {
        (long upload, long length) = await Find(hash, cancellation).ConfigureAwait(false);
        long written = 0;
        await ReadParts(upload, part =>
        {
            written += part.Length;
            return file.WriteAsync(part, cancellation);
        }, cancellation).ConfigureAwait(false);
        return written == length ? true : throw Damaged(hash);
    });

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private static BlobStoreException Damaged(string hash) =>
        new($"The blob {hash} in the database is damaged: its content is not what its name says. Restore it from a copy, or import or train again.");

    /// <summary>A database that does not answer is away, not wrong.</summary>
    private static async Task<T> Guard<T>(Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            throw new UnavailableException($"The database that holds the blobs does not answer: {e.Message}", e);
        }
    }

    private async Task<(long Upload, long Length)> Find(string hash, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand("select upload, length from oc_blobs where hash = $1");
        command.Parameters.AddWithValue(hash);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? (reader.GetInt64(0), reader.GetInt64(1))
            : throw new BlobStoreException($"The blob {hash} is missing in the database. Restore it from a copy, or import or train again.");
    }

    private async Task ReadParts(long upload, Func<byte[], ValueTask> take, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand("select bytes from oc_blob_parts where upload = $1 order by part");
        command.Parameters.AddWithValue(upload);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellation)
            .ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            await take(await reader.GetFieldValueAsync<byte[]>(0, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private sealed class Writer(PostgresBlobStore store) : BlobWriter
    {
        private readonly byte[] _buffer = new byte[PartBytes];
        private int _filled;
        private int _parts;
        private long? _upload;
        private bool _committed;

        protected override async ValueTask WriteCoreAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            while (!bytes.IsEmpty)
            {
                int count = Math.Min(bytes.Length, PartBytes - _filled);
                bytes[..count].CopyTo(_buffer.AsMemory(_filled));
                bytes = bytes[count..];
                _filled += count;
                if (_filled == PartBytes)
                    await FlushPart(cancellation).ConfigureAwait(false);
            }
        }

        protected override async Task CommitCoreAsync(string hash, CancellationToken cancellation)
        {
            if (_filled > 0 || _upload is null)
                await FlushPart(cancellation).ConfigureAwait(false);
            await Guard(async () =>
            {
                // The new upload replaces an older one of the same content, which repairs a damaged copy. One that paused for so long that its parts were
                // taken for left over names nothing.
                await using NpgsqlBatch batch = store.Database.CreateBatch();
                batch.BatchCommands.Add(new NpgsqlBatchCommand($"select pg_advisory_xact_lock_shared({UnfinishedLock})"));
                batch.BatchCommands.Add(new NpgsqlBatchCommand("""
                    with whole as (select count(*) = $4 as is_here from oc_blob_parts where upload = $2),
                    old as (select upload from oc_blobs where hash = $1 and (select is_here from whole) for update),
                    gone as (delete from oc_blob_parts where upload in (select upload from old))
                    insert into oc_blobs (hash, upload, length) select $1, $2, $3 from whole where is_here
                    on conflict (hash) do update set upload = excluded.upload, length = excluded.length, touched = now()
                    """)
                {
                    Parameters =
                    {
                        new NpgsqlParameter { Value = hash }, new NpgsqlParameter { Value = _upload!.Value }, new NpgsqlParameter { Value = Length },
                        new NpgsqlParameter { Value = (long)_parts },
                    },
                });
                _committed = await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) > 0;
                return _committed;
            }).ConfigureAwait(false);
            if (!_committed)
                throw new BlobStoreException("What was written was collected as left over, because nothing was added to it for so long. Begin again.");
        }

        protected override async ValueTask DisposeCoreAsync()
        {
            if (_committed || _upload is not { } upload)
                return;
            try
            {
                await using NpgsqlCommand command = store.Command("delete from oc_blob_parts where upload = $1");
                command.Parameters.AddWithValue(upload);
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is DbException or TimeoutException)
            {
                // Parts that no blob names cost room only; the failure that led here is the one to report.
            }
        }

        private Task<int> FlushPart(CancellationToken cancellation) => Guard(async () =>
        {
            if (_upload is null)
            {
                await using NpgsqlCommand next = store.Command("select nextval('oc_blob_uploads')");
                _upload = (long)(await next.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
            }

            await using NpgsqlCommand command = store.Command("insert into oc_blob_parts values ($1, $2, $3)");
            command.Parameters.AddWithValue(_upload.Value);
            command.Parameters.AddWithValue(_parts++);
            command.Parameters.AddWithValue(_buffer.AsMemory(0, _filled).ToArray());
            _filled = 0;
            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        });
    }

    private NpgsqlDataSource Database => database;

    private NpgsqlCommand Command(string text) => database.CreateCommand(text);
}

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <summary>A home with the dataset <c>points</c> in it, imported once and copied for each cluster that is to find it.</summary>
public class ImportedHome : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();

    /// <summary>Rows of the dataset.</summary>
    protected virtual int RowCount => 70_000;

    public async ValueTask InitializeAsync()
    {
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = _home.Path });
        await cluster.Client().Import("points", Rows.Clouds(RowCount));
    }

    public void CopyTo(string home)
    {
        foreach (string file in Directory.EnumerateFiles(_home.Path, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(home, Path.GetRelativePath(_home.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>One whose dataset has three shards, so that trees of a small fan-in have levels.</summary>
public sealed class LargeImportedHome : ImportedHome
{
    protected override int RowCount => 140_000;
}

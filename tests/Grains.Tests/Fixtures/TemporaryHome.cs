namespace OrleansCluster.Grains.Tests.Fixtures;

/// <summary>A home folder that goes with the test.</summary>
internal sealed class TemporaryHome : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-home-");

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}

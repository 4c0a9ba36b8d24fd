namespace OrleansCluster.Cli;

/// <summary>What this process is for.</summary>
internal static class ThisProcess
{
    /// <summary>Whether it ends when its command line has been carried out. Not so where another program, a test for one, carries it out.</summary>
    public static bool EndsWithCommand { get; set; }
}

using OrleansCluster.Cli.Commands;

return await CommandTree.RunAsync(args);

using OrleansCluster.Cli;
using OrleansCluster.Cli.Commands;

ThisProcess.EndsWithCommand = true;
return await CommandTree.RunAsync(args);

using OrleansCluster.Cli;
using OrleansCluster.Cli.Commands;

StartProfile? profile = StartProfile.Begin(args);
ThisProcess.EndsWithCommand = true;
int code = await CommandTree.RunAsync(args);
profile?.End();
return code;

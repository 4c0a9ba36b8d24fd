using OrleansCluster.Bench;

string what = args.Length == 0 ? "" : args[0];
switch (what)
{
    case "kernels":
        KernelsBench.Run(args[1..]);
        return 0;
    case "mixtures" when args.Length > 1:
        MixturesBench.Run(args[1..]);
        return 0;
    case "assign" when args.Length == 3:
        AssignBench.Run(args[1], args[2]);
        return 0;
    case "matching":
        MatchingBench.Run(args.AsSpan(1));
        return 0;
    case "engine":
        await EngineBench.RunAsync();
        return 0;
    default:
        Console.Error.WriteLine("usage: bench kernels [WORKLOAD ...] | mixtures DIR [WORKLOAD[:FORM] ...] [--iterations N] [--threads T] [--trace] | assign DIR WORKLOAD | matching [N [MATRIX ...]] | engine");
        return 2;
}

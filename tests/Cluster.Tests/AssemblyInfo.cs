// Each test has machines' worth of processes: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

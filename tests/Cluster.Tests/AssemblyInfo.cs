// Most of a test's time is waiting for what was lost to be found; more than two at a time would be too many processes for a small machine.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]

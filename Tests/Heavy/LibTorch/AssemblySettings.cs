// LibTorch's default generator and its dropout are one for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

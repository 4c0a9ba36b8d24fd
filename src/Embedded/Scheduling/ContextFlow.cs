namespace Orleans.Embedded;

/// <summary>Keeps the execution context of one activation out of what another will run.</summary>
internal static class ContextFlow
{
    /// <summary>Stops the flow until the result is disposed; nothing to do if it is stopped already.</summary>
    public static Scope Suppress() => new(ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow());

    internal readonly struct Scope(AsyncFlowControl? control) : IDisposable
    {
        public void Dispose() => control?.Undo();
    }
}

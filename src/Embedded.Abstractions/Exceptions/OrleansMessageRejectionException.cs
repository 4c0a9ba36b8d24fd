namespace Orleans.Runtime;

/// <summary>The call was refused before the grain saw it, for instance because the silo is stopping.</summary>
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message) : base(message) { }

    internal OrleansMessageRejectionException(string message, Exception? innerException) : base(message, innerException) { }
}

namespace Orleans.Runtime;

/// <summary>Something went wrong in the engine rather than in a grain.</summary>
public class OrleansException : Exception
{
    /// <summary>An error without a message of its own.</summary>
    public OrleansException() : base("Unexpected error.") { }

    /// <summary>An error with a message.</summary>
    /// <param name="message">What went wrong.</param>
    public OrleansException(string message) : base(message) { }

    /// <summary>An error with a message and a cause.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public OrleansException(string message, Exception? innerException) : base(message, innerException) { }
}

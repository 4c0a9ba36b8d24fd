namespace Orleans.Runtime;

/// <summary>The host is set up wrongly: a grain asks for something that was never registered.</summary>
public class OrleansConfigurationException : Exception
{
    /// <summary>An error with a message.</summary>
    /// <param name="message">What is missing and how to add it.</param>
    public OrleansConfigurationException(string message) : base(message) { }

    /// <summary>An error with a message and a cause.</summary>
    /// <param name="message">What is missing and how to add it.</param>
    /// <param name="innerException">The cause.</param>
    public OrleansConfigurationException(string message, Exception? innerException) : base(message, innerException) { }
}

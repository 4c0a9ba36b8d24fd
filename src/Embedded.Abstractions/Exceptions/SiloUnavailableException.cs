namespace Orleans.Runtime;

/// <summary>The silo that was to run the call is stopping or gone.</summary>
public class SiloUnavailableException : OrleansMessageRejectionException
{
    internal SiloUnavailableException(string message) : base(message) { }
}

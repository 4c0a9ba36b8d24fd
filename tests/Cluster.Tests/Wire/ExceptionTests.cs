using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;
using OrleansCluster.Silo;
using StackExchange.Redis;

namespace OrleansCluster.Cluster.Tests.Wire;

/// <summary>Failures of storage on another silo, as the grain that asked sees them.</summary>
public sealed class ExceptionTests
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddProviderParts().BuildServiceProvider();

    public static TheoryData<Type> Causes =>
        [typeof(NpgsqlException), typeof(RedisException), typeof(RedisConnectionException), typeof(Azure.RequestFailedException), typeof(IOException)];

    [Theory, MemberData(nameof(Causes))]
    public void A_failed_write_travels_with_its_cause(Type cause)
    {
        Exception inner = cause == typeof(RedisConnectionException)
            ? new RedisConnectionException(ConnectionFailureType.UnableToConnect, CommandFlags.None, "the server is away", null, CommandStatus.Unknown)
            : Activator.CreateInstance(cause, "the server is away") as Exception ?? throw new MissingMethodException(cause.Name);
        // What Orleans makes of a provider's failure.
        Serializer<Exception> serializer = Services.GetRequiredService<Serializer<Exception>>();
        Exception read = serializer.Deserialize(serializer.SerializeToArray(new OrleansException("The state was not written.", inner))).ShouldNotBeNull();
        read.ShouldBeOfType<OrleansException>().Message.ShouldBe("The state was not written.");
        read.InnerException!.GetType().ShouldBe(cause);
        read.InnerException.Message.ShouldBe("the server is away");
    }
}

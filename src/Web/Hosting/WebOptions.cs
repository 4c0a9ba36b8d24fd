using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Contracts.Api;

namespace OrleansCluster.Web.Hosting;

/// <summary>Where the service listens, and how much it takes.</summary>
public sealed record WebOptions
{
    /// <summary>The port of those who name none.</summary>
    public const int UsualPort = 8080;

    /// <summary>The address that is listened at: anything but loopback needs keys and a <see cref="Certificate"/>, or <see cref="Insecure"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0: any that is free.</summary>
    public int Port { get; init; } = UsualPort;

    /// <summary>The port of gRPC, which without TLS needs one of its own; 0: any that is free; null: there is none.</summary>
    public int? GrpcPort { get; init; }

    /// <summary>What the service shows to prove who it is, so that connections are encrypted (TLS); null: they are not.</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary>Whether it may be listened where others can reach it, though they need not say who they are, or others can read along.</summary>
    public bool Insecure { get; init; }

    /// <summary>Whether nobody can ask or read along who should not, or whoever starts it insists.</summary>
    /// <param name="keys">Whether everybody has to say who they are.</param>
    public bool MayListen(bool keys) => IPAddress.IsLoopback(Address) || Insecure || (keys && Certificate is not null);

    /// <summary>Most bytes of an uploaded table; 0 is no table.</summary>
    public long MostUploadBytes { get; init; } = 64L << 30;

    /// <summary>Most bytes of a question with its rows in JSON or tensors; tables are read as they come.</summary>
    public long MostQuestionBytes { get; init; } = 32 << 20;

    /// <summary>Whether metrics are there to be read (<c>/metrics</c>), and telemetry is sent where the environment wants it.</summary>
    public bool Telemetry { get; init; }

    /// <summary>Requests that are answered at a time; further ones are told to ask again.</summary>
    public int MostRequests { get; init; } = 256;

    /// <summary>Requests that there may be at a time where further ones are small, and answered in time.</summary>
    public int MostSmallRequests { get; init; } = 4096;

    /// <summary>Tables that are read at a time.</summary>
    public int MostTables { get; init; } = 8;

    /// <summary>Bytes a second, below which a body that is sent is given up.</summary>
    public double LeastBytesPerSecond { get; init; } = 240;

    /// <summary>How long a sender may be slow, and how long the head of a request may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long requests that are under way are waited for at the end.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What things cost; null: usage is told without.</summary>
    public PriceListDocument? Prices { get; init; }

    /// <summary>A command line that does the same as something on a page, of its arguments.</summary>
    public Func<string, string> Suggest { get; init; } = arguments => "./cluster " + arguments;

    /// <summary>The options of the service that a request came to.</summary>
    internal static WebOptions Of(HttpContext http) => http.RequestServices.GetRequiredService<WebOptions>();
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Silo;

/// <summary>Tells what tenants used; what cannot be told is told later.</summary>
internal sealed class UsageService(UsageMeter meter, TimeProvider time, IOptions<ServingOptions> options, ILogger<UsageService> logger)
    : PeriodicTelling("What tenants used", options.Value.UsagePeriod, meter.FlushAsync, time, logger);

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Silo;

/// <summary>Tells audit logs what was asked; what cannot be told is told later.</summary>
internal sealed class AuditService(AuditTally tally, TimeProvider time, IOptions<ServingOptions> options, ILogger<AuditService> logger)
    : PeriodicTelling("What was asked", options.Value.AuditPeriod, tally.FlushAsync, time, logger);

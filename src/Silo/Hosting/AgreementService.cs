using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCluster.Serving;

namespace OrleansCluster.Silo;

/// <summary>Tells what versions agreed on; what cannot be told is lost.</summary>
internal sealed class AgreementService(AgreementLedger ledger, TimeProvider time, IOptions<ServingOptions> options, ILogger<AgreementService> logger)
    : PeriodicTelling("What versions agreed on", options.Value.AgreementPeriod, ledger.FlushAsync, time, logger);

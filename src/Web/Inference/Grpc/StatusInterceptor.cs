using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Inference.Grpc;

/// <summary>Answers what goes wrong with a status of gRPC and the words that HTTP answers with.</summary>
internal sealed partial class StatusInterceptor(ILogger<StatusInterceptor> log) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not RpcException && !context.CancellationToken.IsCancellationRequested)
        {
            ProblemException problem = ProblemMiddleware.Explain(e);
            if (problem.Status >= 500)
                Failed(log, context.Method, e);
            throw new RpcException(new Status(CodeOf(problem.Status), problem.Message));
        }
    }

    private static StatusCode CodeOf(int status) => status switch
    {
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.NotFound,
        410 or 409 or 412 => StatusCode.FailedPrecondition,
        413 or 429 => StatusCode.ResourceExhausted,
        503 => StatusCode.Unavailable,
        >= 500 => StatusCode.Internal,
        _ => StatusCode.InvalidArgument,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed")]
    private static partial void Failed(ILogger logger, string method, Exception exception);
}

using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Web.Exchange;

namespace OrleansCluster.Web.Descriptions;

/// <summary>The description of the service as OpenAPI 3.1, made of what endpoints say of themselves.</summary>
internal static partial class ServiceDescription
{
    private const string Name = "v1";

    public static void AddTo(IServiceCollection services)
    {
        services.Configure<JsonOptions>(
            json => json.SerializerOptions.TypeInfoResolver =
                System.Text.Json.Serialization.Metadata.JsonTypeInfoResolver.Combine(ApiJson.Default, ContractJson.Default));
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "OrleansCluster",
                    Version = Name,
                    Description = "Datasets, trainings, models and their answers; the Open Inference Protocol under /v2, and MLflow's scoring protocol "
                        + "under /models.",
                };
                // Where it listens is not what it is.
                document.Servers = [];
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(DescribeAsync);
        });
    }

    public static void Map(IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json");

    /// <summary>Parameters and bodies are read by the endpoints themselves, so that they say what there is.</summary>
    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        ApiDescription api = context.Description;
        operation.Parameters = [];
        foreach (Match part in PathPart().Matches("/" + api.RelativePath))
            operation.Parameters.Add(
                new OpenApiParameter
                {
                    Name = part.Groups[1].Value,
                    In = ParameterLocation.Path,
                    Required = true,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String }
                });
        IList<object> metadata = api.ActionDescriptor.EndpointMetadata;
        foreach (ParameterDescription parameter in metadata.OfType<ParameterDescription>())
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = parameter.IsHeader ? ParameterLocation.Header : ParameterLocation.Query,
                Description = parameter.Help,
                Schema = new OpenApiSchema { Type = parameter.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String },
            });
        }

        if (metadata.OfType<BytesDescription>().FirstOrDefault() is { } bytes)
            (operation.Responses ??= [])["200"] = new OpenApiResponse { Description = "OK", Content = Binary(bytes.ContentType) };
        if (metadata.OfType<BodyDescription>().FirstOrDefault() is not { } body)
            return;
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType>() };
        foreach (string type in body.ContentTypes)
        {
            operation.RequestBody.Content![type] = new OpenApiMediaType
            {
                Schema = type == Answers.Json
                    ? await context.GetOrCreateSchemaAsync(body.Type, null, cancellation).ConfigureAwait(false)
                    : new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
            };
        }
    }

    private static Dictionary<string, OpenApiMediaType> Binary(string type) =>
        new() { [type] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } } };

    [GeneratedRegex("{([a-z]+)}")]
    private static partial Regex PathPart();
}

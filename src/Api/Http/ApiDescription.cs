using AgentPlatform.Application.Shared;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AgentPlatform.Api.Http;

/// <summary>The OpenAPI document: title, the two ways to sign in, snake_case operation parameters as they are.</summary>
static class ApiDescription
{
    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;

        options.CreateSchemaReferenceId = type => IsOptional(type.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

        // Of a PATCH body's members callers see the value, not the wrapper that tells "absent" from "null".
        options.AddSchemaTransformer(async (schema, context, ct) =>
        {
            if (IsOptional(context.JsonTypeInfo.Type))
            {
                var value = await context.GetOrCreateSchemaAsync(context.JsonTypeInfo.Type.GetGenericArguments()[0], null, ct);
                schema.Type = value.Type is { } known ? known | JsonSchemaType.Null : null;
                schema.Format = value.Format;
                schema.Items = value.Items;
            }
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "AgentPlatform", Version = "v1", Description = "Run AI agents in production: durable, isolated, inspectable." };

            // The address of the machine that generated the document is nobody's business.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["api_key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key: ap_<tenant>_<secret>_<checksum>." },
                ["session"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "ap_session", Description = "The web app's session; unsafe methods also need X-CSRF-Token." },
            };
            return Task.CompletedTask;
        });
    });

    static bool IsOptional(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);

    /// <summary>Writes the document as it would be served, for <c>docs/openapi.json</c>.</summary>
    public static async Task Write(WebApplication app, TextWriter to, CancellationToken ct)
    {
        var documents = app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1");
        var document = await documents.GetOpenApiDocumentAsync(ct);
        document.SerializeAs(OpenApiSpecVersion.OpenApi3_1, new OpenApiJsonWriter(to));
        await to.WriteLineAsync();
    }
}

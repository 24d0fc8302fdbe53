using System.Reflection;
using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace AgentPlatform.Api.Http;

/// <summary>
/// A JSON request body, read strictly: one place checks size, depth, duplicate and unknown members, text that PostgreSQL cannot hold,
/// and answers each fault with its code and its place.
/// </summary>
public sealed record Body<T>(T Value) : IEndpointParameterMetadataProvider
{
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        using var document = await RequestJson.Read(context);
        try
        {
            var value = document.RootElement.Deserialize<T>(ApiJson.Options);
            return value is not null ? new Body<T>(value) : throw new RefusedException(Error.Invalid("", "required", "The body must be a JSON object."));
        }
        catch (JsonException e)
        {
            throw new RefusedException(ApiJson.Explain(e));
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: false));
}

/// <summary>Thrown while a request is being read; the error handler answers with the refusal it carries.</summary>
public sealed class RefusedException(Error error) : Exception(error.Message)
{
    public Error Error => error;
}

static class RequestJson
{
    public static async Task<JsonDocument> Read(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new RefusedException(new Error(ErrorKind.UnsupportedMediaType, "unsupported_media_type", "Send the body as application/json."));
        }

        var bytes = await RequestBytes.Read(context, StrictJson.MaxBytes);
        var call = context.RequestServices.GetRequiredService<CallContext>();
        if (call.IdempotencyKey is not null)
        {
            call.RequestHash = RequestContext.Hash(context, bytes);
        }

        if (StrictJson.TryParse(bytes, out var document, out var problem))
        {
            return document!;
        }

        var kind = problem!.Code == "too_large" ? ErrorKind.TooLarge : ErrorKind.Malformed;
        throw new RefusedException(new Error(kind, problem.Code, problem.Message) { Fields = [new FieldError(problem.Pointer, problem.Code, problem.Message)] });
    }
}

using System.Reflection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace AgentPlatform.Api.Http;

/// <summary>A JSON body that may be left out, which then is <paramref name="Value"/> with its defaults.</summary>
public sealed record OptionalBody<T>(T Value) : IEndpointParameterMetadataProvider
    where T : new()
{
    public static async ValueTask<OptionalBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var isSent = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true && context.Request.ContentLength != 0;
        return new OptionalBody<T>(isSent ? (await Body<T>.BindAsync(context, parameter))!.Value : new T());
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: true));
}

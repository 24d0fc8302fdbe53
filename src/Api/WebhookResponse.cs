using System.Text.Json;
using AgentPlatform.Application.Execution;

namespace AgentPlatform.Api;

/// <summary>
/// The answer of a run's <c>respond</c> node. Its author is a customer and its content anything, also a page with a script: the browser is told to
/// keep it apart from everything else that is served here, and to believe its content type.
/// </summary>
sealed class WebhookResponse(RunResponse answer) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        response.Headers.ContentSecurityPolicy = "sandbox";
        response.Headers.XContentTypeOptions = "nosniff";
        var isText = answer.Body.ValueKind is JsonValueKind.String;
        if (answer.Body.ValueKind is JsonValueKind.Null || answer.Status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            return;
        }

        response.ContentType ??= isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
        await response.WriteAsync(isText ? answer.Body.GetString()! : answer.Body.GetRawText(), httpContext.RequestAborted);
    }
}

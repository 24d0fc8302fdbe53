using AgentPlatform.Api.Http;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Domain.Tenants;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace AgentPlatform.Api;

/// <summary>Where the outside world fires triggers: <c>/hooks/{tenant}/{path}</c>. The delivery's signature is its authority.</summary>
public static class WebhookEndpoints
{
    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder app)
    {
        app.MapPost("/hooks/{tenant}/{path}", Fire).WithTags("Webhooks").WithName("FireWebhook")
            .WithSummary("Takes a delivery, stores its run durably and answers 202; with ?wait=true, or when the graph has a respond node, the run's answer when it comes within 30 seconds.")
            .Accepts<object>("application/json")
            .Produces<AcceptedDelivery>(StatusCodes.Status202Accepted).Produces<object>()
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(429).ProducesProblem(502);
        return app;
    }

    static async Task<IResult> Fire(string tenant, string path, [FromQuery] bool? wait, HttpContext http, IMediator mediator, CallContext call, CancellationToken ct)
    {
        var request = http.Request;
        if (request.ContentLength is not 0 && !request.HasJsonContentType())
        {
            return new Error(ErrorKind.UnsupportedMediaType, "unsupported_media_type", "A delivery's body is application/json.").ToProblem();
        }

        var body = await RequestBytes.Read(http, StrictJson.MaxBytes);
        var fired = await mediator.Send(new FireWebhook(
            tenant, path, body, name => request.Headers.TryGetValue(name, out var value) ? value.ToString() : null,
            () => request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())),
            () => request.Query.Select(part => KeyValuePair.Create(part.Key, part.Value.ToString())), call.Ip), ct);
        if (!fired.IsOk)
        {
            return fired.Error.ToProblem();
        }

        if (fired.Value.Run.IsSkipped)
        {
            return TypedResults.Accepted((string?)null, new ExecutionEndpoints.SkippedRun(null));
        }

        var accepted = new AcceptedDelivery(fired.Value.Run.Id);
        if (wait is not true && !fired.Value.Responds)
        {
            return new AcceptedResult(accepted.RunId, fired.Value.Run.IsReplay);
        }

        // The delivery was signed: its sender may see what became of its own run, and of nothing else.
        call.ActAs(ActorKind.Webhook, fired.Value.TenantId, null, new PermissionSet(["runs:read"]));
        http.Response.Headers["X-Run-Id"] = accepted.RunId.ToString();
        var (finished, response) = await RunWaiter.Wait(fired.Value.Run, fired.Value.Responds, mediator, ct);
        return response is not null ? new WebhookResponse(response)
            : finished is not null ? Answer(finished)
            : TypedResults.Accepted((string?)null, accepted);
    }

    static IResult Answer(RunView run) => run.Status == "succeeded"
        ? TypedResults.Ok(run.Output)
        : new Error(ErrorKind.Unavailable, "run_failed", "The run that this delivery started did not succeed; see the run for the reason.").ToProblem(StatusCodes.Status502BadGateway);

    public sealed record AcceptedDelivery(Guid RunId);

    /// <summary>
    /// 202, or 200 for a delivery that was taken before. Written by hand: this is the answer that is given thousands of times a second,
    /// and with its length known it goes out in one piece.
    /// </summary>
    sealed class AcceptedResult(Guid runId, bool isReplay) : IResult
    {
        static ReadOnlySpan<byte> Head => "{\"run_id\":\""u8;

        static ReadOnlySpan<byte> Tail => "\"}"u8;

        const int GuidLength = 36;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = isReplay ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = Head.Length + GuidLength + Tail.Length;
            Write(response.BodyWriter);
            await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }

        void Write(System.IO.Pipelines.PipeWriter writer)
        {
            var span = writer.GetSpan(Head.Length + GuidLength + Tail.Length);
            Head.CopyTo(span);
            runId.TryFormat(span[Head.Length..], out _);
            Tail.CopyTo(span[(Head.Length + GuidLength)..]);
            writer.Advance(Head.Length + GuidLength + Tail.Length);
        }
    }
}

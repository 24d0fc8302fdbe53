using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AgentPlatform.Application.Execution;
using AgentPlatform.Domain.Execution.Webhooks;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Infrastructure.Execution.Engine;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

/// <summary>The hot path: address from memory, signature, strict JSON, one group commit.</summary>
file sealed class Handler(WebhookRoutes routes, RunStarter starter, DbClock clock) : IRequestHandler<FireWebhook, Result<WebhookRun>>
{
    static readonly byte[] NoBody = "{}"u8.ToArray();

    public async Task<Result<WebhookRun>> Handle(FireWebhook request, CancellationToken cancellationToken)
    {
        var found = await routes.Find(request.TenantSlug, request.Path, request.RemoteIp, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var route = found.Value;
        // The database's clock: a node whose own is wrong must neither refuse a good delivery nor take an old one.
        var now = clock.Now;
        var headers = SignatureHeaders.Read(route.Scheme, request.Header, static (read, name) => read(name));
        var verdict = WebhookSignatures.Verify(route.Scheme, request.Body.Span, headers, route.LiveSecrets(now), now);
        if (!verdict.Accepted)
        {
            return ExecutionErrors.BadSignature(verdict.Code!);
        }

        if (!route.Plan.IsOk)
        {
            return route.Plan.Error;
        }

        var body = request.Body.Length == 0 ? NoBody : request.Body;
        if (!StrictJson.TryParse(body, out var document, out var problem))
        {
            return new Error(ErrorKind.Malformed, problem!.Code, problem.Message) { Fields = [new FieldError(problem.Pointer, problem.Code, problem.Message)] };
        }

        var input = Input(route, request, Datum.From(document!.RootElement), body);
        if (!input.IsOk)
        {
            return input.Error;
        }

        var run = new NewRun(
            route.Plan.Value, Guid.CreateVersion7(now), RunSource.Webhook, route.TriggerId, Asker: default, Priority: 0, Deadline: null,
            input.Value.Utf8, input.Value.Value, Key(route, verdict, request))
        { Flow = route.Flow };
        var started = await starter.Start(run);
        return started.IsOk ? new WebhookRun(route.TenantId, started.Value, run.Plan.Responds) : started.Error;
    }

    static Result<(byte[] Utf8, Datum Value)> Input(WebhookRoute route, FireWebhook request, Datum body, ReadOnlyMemory<byte> raw)
    {
        if (route.Mapping is null)
        {
            // The request's bytes were read into an array of their own; nobody else writes to it.
            return (MemoryMarshal.TryGetArray(raw, out var whole) && whole.Count == whole.Array!.Length ? whole.Array : raw.ToArray(), body);
        }

        try
        {
            var mapped = route.Mapping.Evaluate(Datum.FromObject(new DeliveryScope(body, request.Headers, request.Query)));
            return Json.Write(mapped) is { } utf8 && utf8.Length <= StrictJson.MaxBytes
                ? (utf8, mapped)
                : Error.Invalid("", "input_too_large", $"The mapped input is larger than {StrictJson.MaxBytes} bytes.");
        }
        catch (ExpressionException e)
        {
            return Error.Invalid("", "input_mapping_failed", $"The trigger's input mapping failed: {e.Error.Message}");
        }
    }

    /// <summary>
    /// The delivery's id where the signature covers it. Where it does not (GitHub's header can be changed by whoever replays a delivery),
    /// the signed body itself is the key. An unsigned webhook has one only when its sender gives one.
    /// </summary>
    static RunKey? Key(WebhookRoute route, in WebhookVerdict verdict, FireWebhook request) => route.Scheme switch
    {
        SignatureScheme.None => request.Header(WebhookHeaders.Id) is { Length: > 0 and <= 255 } id && id.All(c => c is > ' ' and <= '~') ? new RunKey(route.KeyScope, id, []) : null,
        _ when verdict is { DeliveryIdIsSigned: true, DeliveryId: { } id } => new RunKey(route.KeyScope, id, []),
        _ => new RunKey(route.KeyScope, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(request.Body.Span))}", []),
    };
}

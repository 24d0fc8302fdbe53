using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Code;
using AgentPlatform.Infrastructure.Execution.Engine;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

file sealed class Handler(CodeSandbox sandbox, IMediator mediator, CallContext call) : IRequestHandler<RunCode, Result<CodeRun>>
{
    static readonly Dictionary<string, string> Context = new() { ["node"] = "try", ["effect_key"] = "try" };

    public async Task<Result<CodeRun>> Handle(RunCode request, CancellationToken cancellationToken)
    {
        var (language, code, spec) = (request.Language!, request.SourceCode!, request.Limits);
        var noted = await mediator.Send(new NoteCodeRun(language, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code))), spec.Network), cancellationToken);
        if (!noted.IsOk)
        {
            return noted.Error;
        }

        var input = request.Input is { } given ? Datum.From(given) : Datum.Null;
        var outcome = await sandbox.Run(new CodeJob(call.Tenant, language, code, input, Context, spec), cancellationToken);
        return new CodeRun(
            outcome.Error is null ? "succeeded" : "failed",
            outcome.Error is null ? outcome.Result.ToJsonElement() : null,
            outcome.Error is { } error ? JsonElement.Parse(Json.Write(error, null)) : null,
            outcome.Logs,
            (long)outcome.Elapsed.TotalMilliseconds,
            (long)outcome.Cpu.TotalMilliseconds,
            outcome.PeakBytes);
    }
}

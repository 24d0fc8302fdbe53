using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>Calls a tool by hand. No command: nobody holds a transaction open while a stranger answers.</summary>
[Requires("mcp:execute")]
public sealed record CallMcpTool(string Server, string Tool, JsonElement? Arguments = null) : IRequest<Result<JsonElement>>, IValidate
{
    public IEnumerable<FieldError> Validate() =>
        Arguments is null or { ValueKind: JsonValueKind.Object } ? [] : [new FieldError("/arguments", "wrong_type", "Arguments are an object.")];
}

file sealed class Handler(IMcpTools tools, CallContext call) : IRequestHandler<CallMcpTool, Result<JsonElement>>
{
    static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    public async Task<Result<JsonElement>> Handle(CallMcpTool request, CancellationToken cancellationToken)
    {
        var answer = await tools.Call(new McpCall(call.Tenant, request.Server, request.Tool, request.Arguments ?? Nothing, UserId: call.UserId), cancellationToken);
        return answer.Error is { } error ? McpRefusals.Of(error) : answer.Output!.Value;
    }
}

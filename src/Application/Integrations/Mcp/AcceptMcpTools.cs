using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>
/// Agrees to tools as they are described now. Each is named with the hash that the caller looked at: what changed in between is not accepted by it, and then nothing is.
/// </summary>
[Requires("mcp:write")]
public sealed record AcceptMcpTools(string Server, McpToolHash[] Tools) : ICommand<McpServerView>, IValidate
{
    const int MaxTools = 1000;

    public IEnumerable<FieldError> Validate() =>
        Tools.Length is 0 or > MaxTools ? [new FieldError("/tools", "out_of_range", $"Name 1 to {MaxTools} tools.")]
        : Tools.Index().Where(t => t.Item is not { Name.Length: > 0 and <= 128, Hash.Length: 64 })
            .Select(t => new FieldError($"/tools/{t.Index}", "invalid_tool", "A tool is given by its name and its hash of 64 characters."));
}

/// <param name="Hash">As GET …/tools shows it.</param>
public sealed record McpToolHash(string Name, string Hash);

file sealed class Handler(IMcpServers servers, IAudit audit) : IRequestHandler<AcceptMcpTools, Result<McpServerView>>
{
    public async Task<Result<McpServerView>> Handle(AcceptMcpTools request, CancellationToken cancellationToken)
    {
        if (await servers.FindForUpdate(McpName.Parse(request.Server), cancellationToken) is not { } server)
        {
            return McpErrors.ServerNotFound;
        }

        if (await servers.Accept(server.Id, request.Tools, cancellationToken) is { Count: > 0 } stale)
        {
            return McpErrors.Stale(stale);
        }

        audit.Record("mcp_server.tools_accepted", "mcp_server", server.Id.ToString(), after: new { request.Tools });
        return (await servers.Find(new McpName(server.Id, null), cancellationToken))!;
    }
}

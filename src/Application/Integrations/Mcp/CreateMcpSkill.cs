using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Integrations.Mcp;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Integrations.Mcp;

/// <summary>Makes a skill of an accepted tool, with the tool's own input schema: from then on graphs use it, and agents may be given it as a tool.</summary>
/// <param name="Slug"><c>server-tool</c> when not given.</param>
/// <param name="Name">The tool's title or name when not given.</param>
[Requires("skills:write")]
public sealed record CreateMcpSkill(string Server, string Tool, string? Slug = null, string? Name = null) : ICommand<SkillView>;

file sealed class Handler(IMcpServers servers, IMediator mediator) : IRequestHandler<CreateMcpSkill, Result<SkillView>>
{
    const int MaxSlug = 63;

    public async Task<Result<SkillView>> Handle(CreateMcpSkill request, CancellationToken cancellationToken)
    {
        if (await servers.Find(McpName.Parse(request.Server), cancellationToken) is not { } server)
        {
            return McpErrors.ServerNotFound;
        }

        if (await servers.FindTool(server.Id, request.Tool, cancellationToken) is not { } tool)
        {
            return McpErrors.ToolNotFound;
        }

        if (tool.Status != McpToolStatus.Accepted)
        {
            return McpErrors.NotAccepted;
        }

        var name = request.Name ?? (tool.Title is { Length: >= 3 and <= 255 } title ? title : $"{server.Slug} {tool.Name}");
        var made = await mediator.Send(new CreateSkill(request.Slug ?? SlugOf(server.Slug, tool.Name), name, "mcp", "integration", Short(tool.Description)), cancellationToken);
        if (!made.IsOk)
        {
            return made.Error;
        }

        var spec = JsonSerializer.SerializeToElement(new { server = server.Slug, tool = tool.Name });
        var version = await mediator.Send(new CreateSkillVersion(made.Value.Id.ToString(), new SkillVersionDraft(spec, tool.InputSchema)), cancellationToken);
        return version.IsOk ? made.Value with { LatestVersion = version.Value.SemanticVersion } : version.Error;
    }

    static string SlugOf(string server, string tool)
    {
        var slug = new StringBuilder(server).Append('-');
        foreach (var c in tool.ToLowerInvariant())
        {
            slug.Append(char.IsAsciiLetterOrDigit(c) ? c : '-');
        }

        return slug.ToString()[..Math.Min(slug.Length, MaxSlug)].TrimEnd('-');
    }

    static string? Short(string? description) => description is { Length: > 0 } ? description[..Math.Min(description.Length, 4000)] : null;
}

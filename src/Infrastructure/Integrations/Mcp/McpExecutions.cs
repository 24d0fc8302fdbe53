using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Integrations;
using AgentPlatform.Application.Integrations.Mcp;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentPlatform.Infrastructure.Integrations.Mcp;

/// <summary>The log of calls. The step that made a call is the record that counts; this is what people look things up in.</summary>
sealed class McpExecutions(TimeProvider time, ILogger<McpExecutions> log)
{
    const int MaxLogged = 64 * 1024;
    const int MaxMessage = 4000;

    const string Sql =
        """
        insert into integrations.mcp_tool_executions (tenant_id, id, request_id, run_id, agent_id, user_id, mcp_server_id, tool_name, tool_hash, input, output, status, error_code,
          error_message, server_instance, duration_ms, started_at, completed_at)
        values (@TenantId, @id, @RequestId, @RunId, @AgentId, @UserId, @server, @tool, @hash, @input, @output, @status, @code, @message, @instance, @duration, @started, @completed)
        """;

    public async Task Write(
        Db db, McpCall call, McpTarget target, McpPinnedTool tool, McpAnswer answer, string? instance, DateTimeOffset started, TimeSpan duration, CancellationToken ct)
    {
        var error = answer.Error;
        var args = new
        {
            call.TenantId,
            id = Guid.CreateVersion7(started),
            RequestId = call.RequestId is { Length: > 512 } ? call.RequestId[..512] : call.RequestId,
            call.RunId,
            call.AgentId,
            call.UserId,
            server = target.ServerId,
            tool = tool.Name,
            hash = tool.AcceptedHash,
            input = Bounded(call.Arguments, target),
            output = answer.Output is { } output ? Bounded(output, target) : (JsonElement?)null,
            status = answer switch
            {
                { Output: not null } => "succeeded",
                { Error: null } => "canceled",
                { Error.Class: SkillErrorClass.Timeout } => "timeout",
                _ => "failed",
            },
            code = error?.Code,
            message = error is null ? null : Start(SecretsInUse.Mask?.Apply(error.Message) ?? error.Message),
            instance,
            duration = (int)Math.Min(duration.TotalMilliseconds, int.MaxValue),
            started,
            completed = time.GetUtcNow(),
        };
        try
        {
            await db.Execute(Sql, args, ct);
        }
        catch (NpgsqlException e)
        {
            // The tool has answered; that the log cannot be written must not make its step be repeated.
            log.LogError(e, "The call {RequestId} of an MCP tool could not be logged", call.RequestId);
        }
    }

    static JsonElement Bounded(JsonElement value, McpTarget target)
    {
        var bytes = Encoding.UTF8.GetByteCount(value.GetRawText());
        return bytes > MaxLogged ? JsonSerializer.SerializeToElement(new { truncated = true, bytes }) : Hidden(McpResults.Masked(value, target.Mask));
    }

    /// <summary>This row is stored past the step, which would hide what the run has used elsewhere.</summary>
    static JsonElement Hidden(JsonElement value) => SecretsInUse.Mask is { } mask ? McpResults.Masked(value, mask) : value;

    static string Start(string text) => text.Length > MaxMessage ? text[..MaxMessage] : text;
}

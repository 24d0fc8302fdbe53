using System.Text.Json;
using AgentPlatform.Application.Shared;

namespace AgentPlatform.Application.Execution;

/// <summary>What a run's <c>respond</c> node has answered; <c>response_not_found</c> as long as it has not.</summary>
[Requires("runs:read")]
public sealed record GetRunResponse(Guid Id) : IQuery<RunResponse>;

/// <param name="Status">200 to 599.</param>
/// <param name="Body">A text is sent as it is, null as nothing, anything else as JSON.</param>
public sealed record RunResponse(int Status, IReadOnlyDictionary<string, string> Headers, JsonElement Body)
{
    /// <summary>Reads the output of a <c>respond</c> node.</summary>
    public static RunResponse Read(ReadOnlyMemory<byte> output)
    {
        var answer = JsonDocument.Parse(output, new JsonDocumentOptions { MaxDepth = 128 }).RootElement;
        return new RunResponse(
            (int)answer.GetProperty("status").GetDouble(),
            answer.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => h.Value.GetString()!, StringComparer.OrdinalIgnoreCase),
            answer.GetProperty("body"));
    }
}

using System.Text.Json;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Agents;

/// <summary>Says everything that is wrong with a graph, without storing it. Pointers start at the request, as everywhere: <c>/graph/nodes/0/id</c>.</summary>
[Requires("agents:read")]
public sealed record ValidateGraph(JsonElement Graph) : IQuery<GraphValidation>;

public sealed record GraphValidation(bool Valid, IReadOnlyList<FieldError> Errors, IReadOnlyList<FieldError> Warnings);

file sealed class Handler(GraphChecker checker) : IRequestHandler<ValidateGraph, Result<GraphValidation>>
{
    public async Task<Result<GraphValidation>> Handle(ValidateGraph request, CancellationToken cancellationToken)
    {
        var verdict = await checker.Check(request.Graph, null, cancellationToken);
        return new GraphValidation(verdict.IsValid, [.. verdict.Errors.Select(p => p.At("/graph"))], [.. verdict.Warnings.Select(p => p.At("/graph"))]);
    }
}

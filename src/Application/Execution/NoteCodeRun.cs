using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution;

/// <summary>Says in the audit log that somebody tries out code, before it runs: one that takes the server down with it is in the log as well.</summary>
/// <param name="Sha256">Of the source, in hexadecimal: which code it was, without the code.</param>
[Requires("skills:write")]
public sealed record NoteCodeRun(string Language, string Sha256, IReadOnlyList<string> Network) : ICommand<string>;

file sealed class Handler(IAudit audit) : IRequestHandler<NoteCodeRun, Result<string>>
{
    public Task<Result<string>> Handle(NoteCodeRun request, CancellationToken cancellationToken)
    {
        audit.Record("code.tried", "code", request.Sha256, after: new { request.Language, request.Network });
        return Task.FromResult<Result<string>>(request.Sha256);
    }
}

using System.Text;
using AgentPlatform.Application.Execution;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Execution.Skills;
using AgentPlatform.Infrastructure.Shared;
using MediatR;

namespace AgentPlatform.Infrastructure.Execution;

file sealed class Handler(Db db, CallContext call) : IRequestHandler<GetRunResponse, Result<RunResponse>>
{
    const string Sql =
        """
        select output::text from execution.run_steps
        where tenant_id = @tenant and run_id = @run and id between @first and @last and skill_id = @skill and status = 'succeeded'
        order by id limit 1
        """;

    static readonly Error NotYet = Error.NotFound("response");

    public async Task<Result<RunResponse>> Handle(GetRunResponse request, CancellationToken cancellationToken)
    {
        var (first, last) = StepId.Range(request.Id);
        var args = new { tenant = call.Tenant, run = request.Id, first, last, skill = RespondSkill.SkillId };
        return await db.One<string>(Sql, args, cancellationToken) is { } output ? RunResponse.Read(Encoding.UTF8.GetBytes(output)) : NotYet;
    }
}

using AgentPlatform.Application.Integrations;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>Has something made on behalf of a step, within its budgets.</summary>
sealed class MediaCall(IMedia media, Spending spending)
{
    /// <param name="name">The member of the output that holds what was made, as <c>{ base64, media_type }</c>: the form in which <c>llm</c> takes images.</param>
    public async Task<SkillOutcome> Make(SkillCall call, string name, MediaQuestion asked, CancellationToken ct)
    {
        var question = asked with
        {
            Credential = call.Node.Credential,
            AgentId = call.AgentId,
            UserId = call.UserId,
            Seed = call.With.Value("seed") is { Kind: DatumKind.Number } seed ? (long)seed.GetDouble() : null,
        };
        var isBounded = spending.IsBounded(call);
        if (isBounded && await spending.SetAside(call, await media.Quote(question, ct), ct) is { } refused)
        {
            return refused;
        }

        try
        {
            var answer = await media.Make(question, ct);
            return (answer.Made is { } made ? Output(name, made, answer) : (SkillOutcome)answer.Error!) with { Usage = answer.Usage };
        }
        catch (OperationCanceledException e) when (isBounded && e is not CallAbortedException)
        {
            await spending.GiveBack(call);
            throw;
        }
    }

    static SkillOutcome Output(string name, MadeMedia made, MediaAnswer answer) => Datum.FromObject(new Dictionary<string, Datum>
    {
        [name] = Datum.FromObject(new Dictionary<string, Datum>
        {
            ["base64"] = Datum.From(Convert.ToBase64String(made.Bytes)),
            ["media_type"] = Datum.From(made.MediaType),
        }),
        ["bytes"] = Datum.From((long)made.Bytes.Length),
        ["model"] = Datum.From(answer.Model),
        ["usage"] = LlmAnswer.UsageOf(answer.Usage),
        ["simulated"] = Datum.From(answer.IsSimulated),
    });
}

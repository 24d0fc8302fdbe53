using System.Text;
using System.Text.Json;
using AgentPlatform.Application.Agents;
using AgentPlatform.Application.Execution.Conversations;
using AgentPlatform.Application.Shared;
using AgentPlatform.Domain.Execution.Conversations;
using AgentPlatform.Domain.Shared;
using MediatR;

namespace AgentPlatform.Application.Execution.Interactions;

/// <summary>Notes a piece of work by hand: done elsewhere, or a run of the caller's.</summary>
[Requires("conversations:write")]
public sealed record CreateInteraction(NewInteraction Interaction) : ICommand<InteractionView>, IValidate
{
    public IEnumerable<FieldError> Validate() => Interaction.Validate();
}

/// <param name="Type">other when not given; run where a run is named.</param>
/// <param name="Agent">Id or slug.</param>
/// <param name="RunId">A run of the caller's; tokens, cost and times are then the run's.</param>
public sealed record NewInteraction(
    string Title, string? Type = null, string? Agent = null, Guid? RunId = null, string? Description = null, string? ExternalLink = null, string? ExternalId = null,
    JsonElement? ExternalMetadata = null, string? ContentPreview = null, string? FullContent = null, long InputTokens = 0, long OutputTokens = 0, long CostMicros = 0,
    IReadOnlyList<string>? Tags = null, IReadOnlyList<string>? Keywords = null, int? Satisfaction = null, int? Usefulness = null, string? Feedback = null,
    DateTimeOffset? StartedAt = null, DateTimeOffset? EndedAt = null)
{
    const long MaxAmount = 1_000_000_000_000_000;

    internal IEnumerable<FieldError> Validate()
    {
        foreach (var fault in InteractionRules.Texts(("/title", Title, 255), ("/description", Description, 4000), ("/external_link", ExternalLink, 2048), ("/external_id", ExternalId, 255),
            ("/content_preview", ContentPreview, 1000), ("/full_content", FullContent, 262_144)).Concat(InteractionRules.Words(Tags, Keywords)))
        {
            yield return fault;
        }

        foreach (var fault in new Rating { Satisfaction = Satisfaction, Usefulness = Usefulness, Feedback = Feedback }.Validate())
        {
            yield return fault;
        }

        if (Type is { Length: 0 or > 63 })
        {
            yield return new FieldError("/type", "length", "A type has 1 to 63 characters.");
        }

        if (ExternalLink is not null && !(Uri.TryCreate(ExternalLink, UriKind.Absolute, out var link) && link.Scheme is "http" or "https"))
        {
            yield return new FieldError("/external_link", "invalid_link", "This is an http or https address.");
        }

        if (ExternalMetadata is { } metadata && (metadata.ValueKind is not JsonValueKind.Object || Encoding.UTF8.GetByteCount(metadata.GetRawText()) > Talk.MaxObjectBytes))
        {
            yield return new FieldError("/external_metadata", "too_large", $"This is an object of at most {Talk.MaxObjectBytes} bytes.");
        }

        foreach (var (name, amount) in new[] { ("input_tokens", InputTokens), ("output_tokens", OutputTokens), ("cost_micros", CostMicros) })
        {
            if (amount is < 0 or > MaxAmount)
            {
                yield return new FieldError($"/{name}", "out_of_range", $"This is a number from 0 to {MaxAmount}.");
            }
        }

        if (EndedAt < (StartedAt ?? EndedAt))
        {
            yield return new FieldError("/ended_at", "out_of_order", "It ends after it starts.");
        }

        if (EndedAt is not null && StartedAt is null)
        {
            yield return new FieldError("/started_at", "required", "What has an end has a start.");
        }
    }
}

file sealed class Handler(IInteractions interactions, IMediator mediator, IAudit audit, TimeProvider time) : IRequestHandler<CreateInteraction, Result<InteractionView>>
{
    public async Task<Result<InteractionView>> Handle(CreateInteraction request, CancellationToken cancellationToken)
    {
        var given = request.Interaction;
        if (given.Type is { } type && !await interactions.HasType(type, cancellationToken))
        {
            return InteractionErrors.TypeNotFound;
        }

        Guid? agent = null;
        if (given.Agent is not null)
        {
            var found = await mediator.Send(new GetAgentReference(given.Agent), cancellationToken);
            if (!found.IsOk)
            {
                return found.Error;
            }

            agent = found.Value.AgentId;
        }

        if (given.RunId is { } run && await interactions.Find(run, cancellationToken) is null)
        {
            return ExecutionErrors.RunNotFound;
        }

        var id = given.RunId ?? Guid.CreateVersion7(time.GetUtcNow());
        if (!await interactions.Add(id, given, agent, cancellationToken))
        {
            return InteractionErrors.Exists;
        }

        audit.Record("interaction.created", "interaction", id.ToString(), after: new { given.Title, given.Type, given.RunId });
        return (await interactions.Find(id, cancellationToken))!;
    }
}

static class InteractionRules
{
    const int MaxWords = 32;
    const int MaxWord = 64;

    public static IEnumerable<FieldError> Texts(params IEnumerable<(string Pointer, string? Text, int Max)> texts) =>
        texts.Where(given => given.Text is { } text && (text.Length > given.Max || string.IsNullOrWhiteSpace(text)))
            .Select(given => new FieldError(given.Pointer, "length", $"This has 1 to {given.Max} characters."));

    public static IEnumerable<FieldError> Words(IReadOnlyList<string>? tags, IReadOnlyList<string>? keywords) =>
        new[] { ("/tags", tags), ("/keywords", keywords) }
            .Where(given => given.Item2 is { } words && (words.Count > MaxWords || words.Any(word => word.Length is 0 or > MaxWord)))
            .Select(given => new FieldError(given.Item1, "too_many", $"At most {MaxWords} words of 1 to {MaxWord} characters."));
}

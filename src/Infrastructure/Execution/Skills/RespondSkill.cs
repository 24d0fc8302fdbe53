using System.Text.RegularExpressions;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Infrastructure.Execution.Engine;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>
/// <c>respond</c>: the answer to whoever waits for this run; the run goes on. Its output is that answer, so that a caller who waits at another
/// node finds it among the stored steps.
/// </summary>
sealed partial class RespondSkill(ActiveRuns active) : IEffectfulSkill
{
    const int MaxHeaders = 32;
    const int MaxHeaderValue = 4096;
    const int MaxBody = 1024 * 1024;

    /// <summary>As the registry's migration gives it, the same everywhere.</summary>
    public static readonly Guid SkillId = new("01900000-0000-7000-8000-000000000012");

    public string Handles => "builtin/respond";

    public Task<SkillOutcome> Run(SkillCall call, CancellationToken ct)
    {
        var outcome = Read(call.With);
        if (outcome.Error is null && Json.Write(outcome.Output) is { } answer)
        {
            active.Find(call.RunId)?.Responded?.TrySetResult(answer);
        }

        return Task.FromResult(outcome);
    }

    static SkillOutcome Read(Datum with)
    {
        var status = with.Value("status") ?? Datum.From(200);
        if (status.Kind is not DatumKind.Number || status.GetDouble() is not (>= 200 and <= 599) || !double.IsInteger(status.GetDouble()))
        {
            return Arguments.Refused("A status is a whole number from 200 to 599.");
        }

        var headers = new Dictionary<string, Datum>(StringComparer.OrdinalIgnoreCase);
        if (with.Value("headers") is { } given)
        {
            if (given is not { Kind: DatumKind.Object, Length: <= MaxHeaders })
            {
                return Arguments.Refused($"headers is an object with at most {MaxHeaders} members.");
            }

            foreach (var (name, value) in given.EnumerateMembers())
            {
                if (!Allowed().IsMatch(name) || value.Kind is not DatumKind.String || value.GetString() is not { Length: <= MaxHeaderValue } text || text.Any(c => c is < ' ' or > '~'))
                {
                    return Arguments.Refused($"The header {name} cannot be sent: names are those about the content, caching, Link, Location, Retry-After and X-…, values printable ASCII.");
                }

                headers[name] = value;
            }
        }

        var body = with.Value("body") ?? Datum.Null;
        return Json.Write(body) is not { Length: <= MaxBody }
            ? new SkillError("body_too_large", $"An answer has at most {MaxBody} bytes.", SkillErrorClass.Limit, Retryable: false)
            : Datum.FromObject(new Dictionary<string, Datum> { ["status"] = status, ["headers"] = Datum.FromObject(headers), ["body"] = body });
    }

    // Nothing that the platform or the connection decides: no cookies, no lengths, no security policies.
    [GeneratedRegex(@"^(?:content-(?:type|language|disposition)|cache-control|etag|expires|last-modified|link|location|retry-after|vary|x-(?!run-id\z)[a-z0-9-]{1,64})\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Allowed();
}

using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Infrastructure.Execution.Skills;

/// <summary>How skills read their evaluated parameters. What an expression gave may be of any type: one that does not fit is as good as missing.</summary>
static class Arguments
{
    public static Datum? Value(this Datum with, string name) => with.TryGetProperty(name, out var value) && !value.IsNull ? value : null;

    public static string? Text(this Datum with, string name) => with.Value(name) is { Kind: DatumKind.String } text ? text.GetString() : null;

    public static bool Flag(this Datum with, string name) => with.Value(name) is { Kind: DatumKind.Boolean } flag && flag.GetBoolean();

    public static SkillError Refused(string message) => new("invalid_with", message, SkillErrorClass.InvalidInput, Retryable: false);
}

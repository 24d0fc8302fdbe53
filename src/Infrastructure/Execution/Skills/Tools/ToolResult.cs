using System.Text;
using AgentPlatform.Domain.Execution;
using AgentPlatform.Domain.Shared.Expressions;
using AgentPlatform.Domain.Shared.Json;
using AgentPlatform.Infrastructure.Execution.Engine;

namespace AgentPlatform.Infrastructure.Execution.Skills.Tools;

/// <summary>What a tool's call came to, as text for the model: data, never evaluated, and never longer than <see cref="MaxBytes"/>.</summary>
static class ToolResult
{
    public const int MaxBytes = 64 * 1024;
    const int MaxDetail = 4096;
    const int MaxExcerpt = 500;

    public static string Of(SkillOutcome outcome) => outcome.Error is { } error ? Of(error) : Bounded(Text(outcome.Output));

    public static string Excerpt(string text) => text.Length <= MaxExcerpt ? text : text[..(char.IsHighSurrogate(text[MaxExcerpt - 1]) ? MaxExcerpt - 1 : MaxExcerpt)] + "…";

    static string Text(Datum output) =>
        output.Kind is DatumKind.String ? output.GetString()
        : Json.Write(Readable(output)) is { } json ? Encoding.UTF8.GetString(json)
        : "";

    /// <summary>What a skill has made (<c>{ base64, media_type }</c>) is not read to the model: the beginning of a file, cut off, tells it nothing and costs much.</summary>
    static Datum Readable(Datum output) =>
        output.Kind is DatumKind.Object && output.EnumerateMembers().Any(member => IsFile(member.Value))
            ? Datum.FromMembers([.. output.EnumerateMembers().Select(member => IsFile(member.Value) ? KeyValuePair.Create(member.Key, Described(member.Value)) : member)])
            : output;

    static bool IsFile(Datum value) => value.Kind is DatumKind.Object && value.Text("base64") is { Length: > MaxExcerpt } && value.Text("media_type") is not null;

    static Datum Described(Datum file) => Datum.From($"[{file.Text("media_type")}, {file.Text("base64")!.Length / 4 * 3} bytes, not shown]");

    static string Of(SkillError error)
    {
        var members = new Dictionary<string, Datum>
        {
            ["code"] = Datum.From(error.Code),
            ["message"] = Datum.From(error.Message),
        };
        if (error.Detail is { } detail && detail.GetRawText().Length <= MaxDetail)
        {
            members["detail"] = Datum.From(detail);
        }

        // Canonical: a detail comes back from the database with its members in another order, and a model is told the same again.
        var told = Datum.FromObject(new Dictionary<string, Datum> { ["error"] = Datum.FromObject(members) });
        return Encoding.UTF8.GetString(CanonicalJson.Write(told.ToJsonElement()));
    }

    static string Bounded(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes <= MaxBytes)
        {
            return text;
        }

        Span<byte> kept = new byte[MaxBytes];
        Encoding.UTF8.GetEncoder().Convert(text, kept, flush: true, out _, out var used, out _);
        return $"{Encoding.UTF8.GetString(kept[..used])}\n[cut: the first {used} of {bytes} bytes]";
    }
}

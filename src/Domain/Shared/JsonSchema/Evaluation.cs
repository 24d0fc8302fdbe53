using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Shared.JsonSchema;

/// <summary>
/// The state of one validation. It bounds the work: a schema from a customer may branch without end ($ref trees that double at each level, a
/// pattern that backtracks for hours), and must cost no more than a fraction of a second.
/// </summary>
sealed class Evaluation(bool tracksScope, int maxProblems)
{
    /// <summary>Rules and values looked at; a 1 MiB instance under an ordinary schema needs a few hundred thousand.</summary>
    const int MaxSteps = 2_000_000;

    /// <summary>Nested schema applications: instance depth times the length of reference chains. Guards the thread's stack.</summary>
    const int MaxDepth = 400;

    readonly List<SchemaResource> _scope = [];
    readonly List<string> _path = [];
    List<SchemaProblem>? _problems = maxProblems > 0 ? [] : null;
    int _depth;
    int _steps;

    /// <summary>Why the validation was given up, if it was; its result is then "not valid", whatever a <c>not</c> made of it.</summary>
    public string? GivenUp { get; private set; }

    /// <summary>Whether problems are wanted: then every rule is tried, else the first failure ends it.</summary>
    public bool Collects => _problems is not null && _problems.Count < maxProblems && GivenUp is null;

    public IReadOnlyList<SchemaProblem> Problems => _problems ?? [];

    /// <summary>Resources entered, outermost first; only kept when the schema refers dynamically.</summary>
    public List<SchemaResource> Scope => _scope;

    public bool Enter(SchemaResource resource)
    {
        if (!Spend(1))
            return false;
        if (_depth >= MaxDepth)
            return GiveUp($"The schemas apply to each other more than {MaxDepth} levels deep.");
        _depth++;
        if (tracksScope)
            _scope.Add(resource);
        return true;
    }

    public void Leave()
    {
        _depth--;
        if (tracksScope)
            _scope.RemoveAt(_scope.Count - 1);
    }

    public bool Spend(int steps)
    {
        if (GivenUp is not null)
            return false;
        _steps += steps;
        return _steps <= MaxSteps || GiveUp("The check takes too many steps.");
    }

    bool GiveUp(string why)
    {
        GivenUp ??= why;
        return false;
    }

    public bool Report(SchemaNode owner, string keyword, string message)
    {
        if (Collects)
            _problems!.Add(new(string.Concat(_path), owner.PlaceOf(keyword), keyword, message));
        return false;
    }

    /// <summary>A name for a message or a pointer: a hundred problems below a name of a megabyte must not become an answer of a hundred.</summary>
    public static string Shorten(string name) => name.Length <= 200 ? name : name[..200] + "…";

    public void Push(JsonProperty member)
    {
        if (_problems is not null)
            _path.Add(JsonPointer.Append("", Shorten(member.Name)));
    }

    public void Push(int index)
    {
        if (_problems is not null)
            _path.Add(JsonPointer.Append("", index));
    }

    public void Pop()
    {
        if (_problems is not null)
            _path.RemoveAt(_path.Count - 1);
    }

    /// <summary>Whether the node accepts the instance; its problems are not reported.</summary>
    public bool Accepts(SchemaNode node, JsonElement instance, Marks? marks)
    {
        var kept = _problems;
        _problems = null;
        var valid = node.Evaluate(instance, this, marks);
        _problems = kept;
        return valid;
    }

    /// <summary>The first problem that the node has with the instance.</summary>
    public SchemaProblem? FirstProblem(SchemaNode node, JsonElement instance)
    {
        var kept = _problems;
        _problems = [];
        node.Evaluate(instance, this, null);
        var first = _problems.FirstOrDefault();
        _problems = kept;
        return first;
    }

    /// <summary>Whether the pattern occurs in a string value.</summary>
    public bool Matches(Regex pattern, JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        return Spend(1 + raw.Length / 16) && (raw.Contains((byte)'\\') ? Matches(pattern, text.GetString()) : Matches(pattern, raw));
    }

    /// <summary>Whether the pattern occurs in a member's name.</summary>
    public bool Matches(Regex pattern, JsonProperty member)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        return Spend(1 + raw.Length / 16) && (raw.Contains((byte)'\\') ? Matches(pattern, member.Name) : Matches(pattern, raw));
    }

    bool Matches(Regex pattern, ReadOnlySpan<byte> raw)
    {
        if (raw.Length > 256)
            return Matches(pattern, Encoding.UTF8.GetString(raw).AsSpan());
        Span<char> text = stackalloc char[256];
        return Matches(pattern, text[..Encoding.UTF8.GetChars(raw, text)]);
    }

    bool Matches(Regex pattern, ReadOnlySpan<char> text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return GiveUp($"The pattern {pattern} takes too long on this text.");
        }
    }
}

using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Shared.JsonSchema;

/// <summary>One compiled schema or subschema. Immutable once its compilation has ended, so it is shared between threads freely.</summary>
sealed class SchemaNode(SchemaResource resource, string pointer)
{
    public SchemaResource Resource { get; } = resource;

    /// <summary>In its document.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>The schemas <c>true</c> and <c>false</c>; null for the others.</summary>
    public bool? Always { get; set; }

    public Rule[] Rules { get; set; } = [];

    /// <summary>Whether a rule here asks what the others have looked at (<c>unevaluatedProperties</c>, <c>unevaluatedItems</c>).</summary>
    public bool KeepsMarks { get; set; }

    /// <summary>Nodes that are applied to the same instance as this one; a cycle among them never ends.</summary>
    public List<SchemaNode> InPlace { get; } = [];

    /// <summary>Whether the instance is valid here.</summary>
    /// <param name="outer">Takes what was looked at, when a schema further out asks for it.</param>
    public bool Evaluate(JsonElement instance, Evaluation run, Marks? outer)
    {
        if (Always is { } constant)
            return constant || run.Report(this, "", "No value is allowed here.");
        if (!run.Enter(Resource))
            return false;
        var marks = KeepsMarks ? new Marks() : outer;
        var valid = true;
        foreach (var rule in Rules)
        {
            if (rule.Evaluate(instance, run, marks))
                continue;
            valid = false;
            if (!run.Collects)
                break;
        }
        run.Leave();
        if (valid && KeepsMarks)
            outer?.Add(marks!);
        return valid;
    }

    public string PlaceOf(string keyword) =>
        Resource.Document.Label + (keyword.Length > 0 ? JsonPointer.Append(Pointer, keyword) : Pointer);
}

/// <summary>A compiled keyword, or a few that work together.</summary>
abstract class Rule(SchemaNode owner)
{
    public abstract bool Evaluate(JsonElement instance, Evaluation run, Marks? marks);

    /// <summary>False, and a problem where problems are wanted. Guard a message that must be built with <see cref="Evaluation.Collects"/>.</summary>
    protected bool Fail(Evaluation run, string keyword, string message) => run.Report(owner, keyword, message);
}

/// <summary>Which members or items of one instance some rule has looked at, by their position.</summary>
sealed class Marks
{
    ulong[] _bits = new ulong[1];
    bool _all;

    public void Add(int index)
    {
        var word = index >> 6;
        if (word >= _bits.Length)
            Array.Resize(ref _bits, Math.Max(word + 1, _bits.Length * 2));
        _bits[word] |= 1UL << (index & 63);
    }

    public void AddAll() => _all = true;

    public void Add(Marks other)
    {
        _all |= other._all;
        if (other._bits.Length > _bits.Length)
            Array.Resize(ref _bits, other._bits.Length);
        for (var i = 0; i < other._bits.Length; i++)
            _bits[i] |= other._bits[i];
    }

    public bool Contains(int index) => _all || (index >> 6 < _bits.Length && (_bits[index >> 6] & (1UL << (index & 63))) != 0);
}

namespace AgentPlatform.Domain.Shared.Expressions;

/// <summary>An object whose members are found when they are asked for: the scope of a run, whose outputs may not be in memory yet.</summary>
public interface IDatumObject
{
    bool TryGet(string name, out Datum value);

    IEnumerable<KeyValuePair<string, Datum>> Members { get; }
}

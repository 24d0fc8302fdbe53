using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Domain.Execution;

/// <summary>
/// The names that an expression of a run can read: <c>input</c>, <c>config</c>, <c>run</c>, <c>errors</c> and every settled node by its id.
/// Names resolve on demand, so nothing is copied. Credentials are never here.
/// </summary>
public sealed class RunScope(CompiledGraph graph, Datum input, Datum config, Datum run) : IDatumObject
{
    readonly Datum[] outputs = new Datum[graph.Nodes.Count];
    Dictionary<string, Datum>? errors;

    public IEnumerable<KeyValuePair<string, Datum>> Members
    {
        get
        {
            yield return new("input", input);
            yield return new("config", config);
            yield return new("run", run);
            yield return new("errors", Errors);
            foreach (var node in graph.Nodes)
            {
                yield return new(node.Id, outputs[node.Index]);
            }
        }
    }

    Datum Errors => errors is null ? Datum.FromObject(EmptyMembers) : Datum.FromObject(errors);

    static readonly Dictionary<string, Datum> EmptyMembers = [];

    public bool TryGet(string name, out Datum value)
    {
        switch (name)
        {
            case "input":
                value = input;
                return true;
            case "config":
                value = config;
                return true;
            case "run":
                value = run;
                return true;
            case "errors":
                value = Errors;
                return true;
        }

        var index = graph.IndexOf(name);
        value = index >= 0 ? outputs[index] : default;
        return index >= 0;
    }

    public Datum OutputOf(int index) => outputs[index];

    public void SetOutput(int index, Datum output) => outputs[index] = output;

    public void SetError(int index, SkillError error) =>
        (errors ??= [])[graph.Nodes[index].Id] = Datum.FromObject(new Dictionary<string, Datum>
        {
            ["code"] = Datum.From(error.Code),
            ["message"] = Datum.From(error.Message),
            ["class"] = Datum.From(error.Class),
        });
}

using AgentPlatform.Domain.Agents.Graphs;
using AgentPlatform.Domain.Shared.Expressions;

namespace AgentPlatform.Domain.Execution;

/// <summary>
/// The names that an expression of a run can read: <c>input</c>, <c>config</c>, <c>run</c>, <c>errors</c> and every settled node by its id;
/// in a body also <c>item</c> and <c>index</c>, and whatever its owner can read.
/// Names resolve on demand, so nothing is copied. Credentials are never here.
/// </summary>
public sealed class RunScope : IDatumObject
{
    static readonly Dictionary<string, Datum> EmptyMembers = [];

    readonly CompiledGraph graph;
    readonly Datum input;
    readonly Datum config;
    readonly Datum run;
    readonly Datum[] outputs;
    readonly RunScope? outer;
    readonly Datum item;
    readonly Datum index;
    Dictionary<string, Datum>? errors;

    public RunScope(CompiledGraph graph, Datum input, Datum config, Datum run)
    {
        this.graph = graph;
        this.input = input;
        this.config = config;
        this.run = run;
        outputs = new Datum[graph.Nodes.Count];
    }

    RunScope(CompiledGraph body, RunScope outer, Datum item, int index)
        : this(body, outer.input, outer.config, outer.run)
    {
        this.outer = outer;
        this.item = item;
        this.index = Datum.From(index);
    }

    /// <summary>Of a loop's round that has ended: what its condition reads as <c>output</c>.</summary>
    public Datum? RoundOutput { get; set; }

    public IEnumerable<KeyValuePair<string, Datum>> Members
    {
        get
        {
            yield return new("input", input);
            yield return new("config", config);
            yield return new("run", run);
            yield return new("errors", Errors);
            if (outer is not null)
            {
                yield return new("item", item);
                yield return new("index", index);
            }

            for (var scope = this; scope is not null; scope = scope.outer)
            {
                foreach (var node in scope.graph.Nodes)
                {
                    yield return new(node.Id, scope.outputs[node.Index]);
                }
            }
        }
    }

    Datum Errors
    {
        get
        {
            if (outer is null)
            {
                return errors is null ? Datum.FromObject(EmptyMembers) : Datum.FromObject(errors);
            }

            var all = new Dictionary<string, Datum>(outer.Errors.EnumerateMembers(), StringComparer.Ordinal);
            foreach (var (node, error) in errors ?? EmptyMembers)
            {
                all[node] = error;
            }

            return Datum.FromObject(all);
        }
    }

    /// <summary>The scope of one item, or one round, of a nested graph.</summary>
    public RunScope Body(CompiledGraph body, Datum ofItem, int atIndex) => new(body, this, ofItem, atIndex);

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
            case "item" when outer is not null:
                value = item;
                return true;
            case "index" when outer is not null:
                value = index;
                return true;
            case "output" when RoundOutput is { } output:
                value = output;
                return true;
        }

        var place = graph.IndexOf(name);
        if (place < 0 && outer is not null)
        {
            return outer.TryGet(name, out value);
        }

        value = place >= 0 ? outputs[place] : default;
        return place >= 0;
    }

    public Datum OutputOf(int nodeIndex) => outputs[nodeIndex];

    public void SetOutput(int nodeIndex, Datum output) => outputs[nodeIndex] = output;

    public void SetError(int nodeIndex, SkillError error) =>
        (errors ??= [])[graph.Nodes[nodeIndex].Id] = Datum.FromObject(new Dictionary<string, Datum>
        {
            ["code"] = Datum.From(error.Code),
            ["message"] = Datum.From(error.Message),
            ["class"] = Datum.From(error.Class),
        });
}

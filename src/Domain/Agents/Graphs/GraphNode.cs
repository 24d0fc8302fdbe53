using System.Text.Json;
using AgentPlatform.Domain.Shared.Json;

namespace AgentPlatform.Domain.Agents.Graphs;

public enum Join
{
    /// <summary>Wait until every incoming edge is settled.</summary>
    All,
    /// <summary>Run on the first incoming edge that is live.</summary>
    Any,
}

public enum OnErrorKind
{
    /// <summary>The run fails.</summary>
    Fail,
    /// <summary>The output is null, and the outgoing edges are judged as after a success.</summary>
    Continue,
    /// <summary>Only the error edge is live.</summary>
    Goto,
}

/// <summary>A node as it is written. Null marks what is missing or was refused; the refusal is reported.</summary>
/// <param name="Position">In its graph's list of nodes.</param>
/// <param name="Pointer">JSON pointer into the whole document.</param>
/// <param name="With"><c>{}</c> when it is not written.</param>
/// <param name="Goto">The node that takes over when <see cref="OnError"/> is <see cref="OnErrorKind.Goto"/>.</param>
sealed record GraphNode(
    int Position, string Pointer, string? Id, SkillReference? Skill, JsonElement With, string? Credential, TimeSpan? Timeout, RetryPolicy? Retry, OnErrorKind OnError, string? Goto, Join Join)
{
    /// <summary>Where <see cref="With"/> is written.</summary>
    public string WithPointer { get; init; } = JsonPointer.Append(Pointer, "with");

    /// <summary>Only of a <c>foreach</c> or a <c>loop</c> whose body could be read.</summary>
    public GraphBody? Body { get; init; }

    /// <summary>Only of an <c>llm</c> that names its tools.</summary>
    public (IReadOnlyList<WrittenTool> Listed, bool OffersBound)? Tools { get; init; }
}

/// <summary>The nested graph of a <c>foreach</c> or a <c>loop</c> as it is written.</summary>
/// <param name="Until">Only of a loop: the text of the expression, without a leading <c>=</c>.</param>
/// <param name="MaxIterations">Only of a loop.</param>
sealed record GraphBody(GraphDocument Graph, string? Until = null, int MaxIterations = 0);

/// <summary>An edge as it is written.</summary>
/// <param name="When">The text of the expression, without a leading <c>=</c>.</param>
sealed record GraphEdge(string Pointer, string? From, string? To, string? When, string? Case);

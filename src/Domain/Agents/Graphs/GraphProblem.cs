namespace AgentPlatform.Domain.Agents.Graphs;

public enum ProblemSeverity
{
    Error,
    Warning,
}

/// <summary>One thing that is wrong with a document, or that its author should know.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) into the document; "" is the whole.</param>
/// <param name="Code">One of <see cref="GraphProblemCodes"/>; stable.</param>
/// <param name="Message">A sentence that says what to do.</param>
public sealed record GraphProblem(string Pointer, string Code, string Message, ProblemSeverity Severity)
{
    /// <summary>A document of 256 KiB can hold tens of thousands of mistakes; an answer names this many of them.</summary>
    internal const int MaxReported = 500;

    public static GraphProblem Error(string pointer, string code, string message) => new(pointer, code, message, ProblemSeverity.Error);

    public static GraphProblem Warning(string pointer, string code, string message) => new(pointer, code, message, ProblemSeverity.Warning);
}

public static class GraphProblemCodes
{
    /// <summary>A value of the wrong JSON type.</summary>
    public const string InvalidType = "invalid_type";
    /// <summary>A value of the right type that is not allowed here.</summary>
    public const string InvalidValue = "invalid_value";
    public const string Missing = "missing";
    public const string UnknownMember = "unknown_member";
    /// <summary>The same member twice in one object.</summary>
    public const string DuplicateMember = "duplicate_member";
    /// <summary>A string that is no Unicode text: half of a surrogate pair stands alone.</summary>
    public const string InvalidText = "invalid_text";
    /// <summary>Too many nodes or edges, too large, too deep, or an expression that is too long.</summary>
    public const string LimitPassed = "limit_passed";

    public const string InvalidId = "invalid_id";
    public const string ReservedId = "reserved_id";
    public const string DuplicateId = "duplicate_id";
    public const string InvalidDuration = "invalid_duration";
    public const string InvalidRetry = "invalid_retry";

    public const string InvalidSkill = "invalid_skill";
    public const string UnknownSkill = "unknown_skill";
    public const string VersionNotFound = "version_not_found";
    /// <summary>Warning.</summary>
    public const string SkillDeprecated = "skill_deprecated";
    /// <summary>A literal in <c>with</c> that the skill's input schema refuses.</summary>
    public const string WithInvalid = "with_invalid";

    /// <summary>A member that this skill gives no meaning: a retry of a whole foreach.</summary>
    public const string NotApplicable = "not_applicable";
    /// <summary>A skill that a body may not use.</summary>
    public const string NotInBody = "not_in_body";

    public const string UnknownAgent = "unknown_agent";
    /// <summary>An agent that would run itself.</summary>
    public const string AgentCycle = "agent_cycle";
    /// <summary>Agents that run agents, more levels than a run may have.</summary>
    public const string AgentDepth = "agent_depth";

    public const string UnknownNode = "unknown_node";
    public const string DuplicateEdge = "duplicate_edge";
    public const string Cycle = "cycle";
    /// <summary>A <c>case</c> on an edge that does not leave a switch.</summary>
    public const string NoSwitch = "no_switch";
    public const string UnknownCase = "unknown_case";
    public const string DuplicateCase = "duplicate_case";
    /// <summary>Warning: the edge's condition is constant and false.</summary>
    public const string NeverLive = "never_live";
    /// <summary>Warning: the node hangs only on edges that are never live.</summary>
    public const string Unreachable = "unreachable";

    public const string InvalidExpression = "invalid_expression";
    public const string UnknownName = "unknown_name";
    public const string NotAnAncestor = "not_an_ancestor";
}

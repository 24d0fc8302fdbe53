using AgentPlatform.Domain.Shared;

namespace AgentPlatform.Application.Agents;

/// <summary>The refusals that several use cases of this module share.</summary>
static class AgentErrors
{
    public static readonly Error AgentNotFound = Error.NotFound("agent");

    public static readonly Error SkillNotFound = Error.NotFound("skill");

    public static readonly Error VersionNotFound = Error.NotFound("version");

    public static readonly Error SlugTaken = Error.Conflict("slug_taken", "This slug is in use; choose another.");

    public static readonly Error Archived = Error.Conflict("agent_archived", "The agent is archived; activate it first.");

    public static readonly Error Inactive = Error.Conflict("agent_inactive", "The agent is deactivated; activate it first.");

    public static readonly Error NoVersion = Error.Conflict("agent_has_no_version", "The agent has no version yet; create one first.");

    public static Error UnknownTags(IReadOnlyList<string> asked, IReadOnlyList<string> unknown) => Error.Invalid(
        [.. asked.Index().Where(t => unknown.Contains(t.Item)).Select(t => new FieldError($"/tags/{t.Index}", "unknown_tag", $"There is no tag \"{t.Item}\"."))]);

    public static Error NotATool(string skill) => Error.Invalid("/skill", "not_a_tool", $"\"{skill}\" steers a graph and cannot be called by a model.");

    public static Error NotNewer(string latest) =>
        Error.Conflict("version_not_newer", $"The latest version is {latest}; a new one needs a higher number.");
}

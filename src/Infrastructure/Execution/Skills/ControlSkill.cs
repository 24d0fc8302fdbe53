namespace AgentPlatform.Infrastructure.Execution.Skills;

enum ControlKind
{
    Wait,
    Approval,
    Agent,
    Foreach,
    Loop,
}

/// <summary>A node that the run engine executes itself, because it moves the run: it waits, or runs other graphs.</summary>
sealed class ControlSkill(string handles, ControlKind kind) : ISkillRunner
{
    public string Handles => handles;

    public ControlKind Kind => kind;
}

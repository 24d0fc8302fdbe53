using AgentPlatform.Domain.Execution;

namespace AgentPlatform.Unit.Execution;

/// <summary>The whole table of moves, pair by pair.</summary>
[TestFixture]
public sealed class RunStatesTests
{
    static readonly Dictionary<RunStatus, RunStatus[]> Moves = new()
    {
        [RunStatus.Queued] = [RunStatus.Running, RunStatus.Paused, RunStatus.Failed, RunStatus.Canceled],
        [RunStatus.Running] = [RunStatus.Queued, RunStatus.Waiting, RunStatus.Paused, RunStatus.Succeeded, RunStatus.Failed, RunStatus.Canceled],
        [RunStatus.Waiting] = [RunStatus.Queued, RunStatus.Running, RunStatus.Paused, RunStatus.Failed, RunStatus.Canceled],
        [RunStatus.Paused] = [RunStatus.Queued, RunStatus.Running, RunStatus.Failed, RunStatus.Canceled],
        [RunStatus.Succeeded] = [],
        [RunStatus.Failed] = [],
        [RunStatus.Canceled] = [],
    };

    [Test]
    public void Allows_exactly_the_moves_of_the_table([Values] RunStatus from, [Values] RunStatus to) =>
        Assert.That(from.CanBecome(to), Is.EqualTo(Moves[from].Contains(to)));

    [Test]
    public void Knows_a_final_state_by_having_no_way_out([Values] RunStatus status) => Assert.That(status.IsFinal(), Is.EqualTo(Moves[status].Length == 0));

    [Test]
    public void Is_stored_as_lower_case_text([Values] RunStatus status) => Assert.That(status.ToText(), Is.EqualTo(status.ToString().ToLowerInvariant()));

    [Test]
    public void Stores_steps_as_lower_case_text([Values] StepStatus status) => Assert.That(status.ToText(), Is.EqualTo(status.ToString().ToLowerInvariant()));
}

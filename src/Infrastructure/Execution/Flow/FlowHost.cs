using AgentPlatform.Infrastructure.Shared;
using Microsoft.Extensions.Hosting;

namespace AgentPlatform.Infrastructure.Execution.Flow;

/// <summary>Opens the intake of limited runs before the first request, and closes it after the last one; workers also mind the gates.</summary>
sealed class FlowHost(FlowIntake intake, FlowGate gate, NodeRoles roles) : BackgroundService, IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        intake.Open();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await intake.DisposeAsync();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (roles.IsWorker)
        {
            await Task.WhenAll(gate.Run(stoppingToken), gate.Sweep(stoppingToken));
        }
    }
}

using AgentPlatform.Domain.Shared;
using AgentPlatform.Infrastructure.Shared;

namespace AgentPlatform.Api.Http;

static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new HealthView("live", []))).WithTags("Health").WithName("HealthLive")
            .WithSummary("Answers as long as the process runs.");
        app.MapGet("/health/ready", Ready).WithTags("Health").WithName("HealthReady")
            .WithSummary("Answers 200 when requests can be served, 503 while the database is away or the process shuts down.")
            .Produces<HealthView>().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    static async Task<IResult> Ready(DatabaseHealth database, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return new Error(ErrorKind.Unavailable, "stopping", "This node is shutting down.") { RetryAfter = TimeSpan.FromSeconds(5) }.ToProblem();
        }

        var fault = await database.Check(ct);
        return fault is null
            ? TypedResults.Ok(new HealthView("ready", [.. database.Warnings]))
            : new Error(ErrorKind.Unavailable, "not_ready", fault) { RetryAfter = TimeSpan.FromSeconds(2) }.ToProblem();
    }

    /// <param name="Warnings">What works but wants an operator's attention.</param>
    sealed record HealthView(string Status, IReadOnlyList<string> Warnings);
}

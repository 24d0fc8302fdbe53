namespace AgentPlatform.Domain.Execution.Schedules;

/// <summary>What a schedule does when its time has come, or has long passed.</summary>
/// <param name="Fires">The times that get a run, in order.</param>
/// <param name="Next">When to look again; null when the expression names no time any more.</param>
/// <param name="Missed">Whether times were left out.</param>
sealed record DueFires(IReadOnlyList<DateTimeOffset> Fires, DateTimeOffset? Next, bool Missed)
{
    /// <summary>No more times than this get runs at once: the first ones that were missed. The rest are left out.</summary>
    public const int MaxCatchUp = 1000;

    /// <param name="due">The time that has come.</param>
    /// <param name="threshold">A time that is late by no more than this fires whatever the policy.</param>
    public static DueFires Of(FireTimes times, DateTimeOffset due, DateTimeOffset now, MisfirePolicy policy, TimeSpan threshold)
    {
        if (policy is MisfirePolicy.All || now - due <= threshold)
        {
            var fires = new List<DateTimeOffset> { due };
            fires.AddRange(times.Following(due, MaxCatchUp - 1).TakeWhile(at => at <= now));
            var next = times.Next(fires[^1]);
            return next <= now ? new DueFires(fires, times.Next(now), Missed: true) : new DueFires(fires, next, Missed: false);
        }

        var last = times.Last(due, now);
        return new DueFires(policy is MisfirePolicy.Once ? [last ?? due] : [], times.Next(now), Missed: policy is MisfirePolicy.Skip || last is not null);
    }
}

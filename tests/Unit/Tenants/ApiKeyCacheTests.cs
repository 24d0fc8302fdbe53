using AgentPlatform.Domain.Tenants;
using AgentPlatform.Infrastructure.Tenants;

namespace AgentPlatform.Unit.Tenants;

[Parallelizable(ParallelScope.All)]
public sealed class ApiKeyCacheTests
{
    static readonly KeyCaller Caller = new(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), PermissionSet.None);

    [Test]
    public void Forgets_a_key_within_a_second()
    {
        var clock = new Clock();
        var cache = new ApiKeyCache(clock);
        cache.Remember([1], Caller, cache.Now);

        Assert.That(cache.Find([1]), Is.SameAs(Caller));
        Assert.That(cache.Find([2]), Is.Null);
        clock.Milliseconds += 999;
        Assert.That(cache.Find([1]), Is.Null);
    }

    [Test]
    public void Counts_from_when_the_database_was_asked()
    {
        var clock = new Clock();
        var cache = new ApiKeyCache(clock);
        var asked = cache.Now;
        clock.Milliseconds += 950;
        cache.Remember([1], Caller, asked);

        Assert.That(cache.Find([1]), Is.Null);
    }

    [Test]
    public void Remembers_a_bounded_number()
    {
        var cache = new ApiKeyCache(new Clock());
        for (var i = 0; i <= 10_000; i++)
        {
            cache.Remember(BitConverter.GetBytes(i), Caller, cache.Now);
        }

        Assert.That(Enumerable.Range(0, 10_001).Count(i => cache.Find(BitConverter.GetBytes(i)) is not null), Is.LessThanOrEqualTo(10_000));
        Assert.That(cache.Find(BitConverter.GetBytes(10_000)), Is.Not.Null);
    }

    sealed class Clock : TimeProvider
    {
        public long Milliseconds { get; set; } = 1;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;
    }
}

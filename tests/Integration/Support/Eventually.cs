namespace AgentPlatform.Integration.Support;

/// <summary>Asks again and again for what becomes true by itself. The one place in which tests wait: nothing is asserted about how long it takes.</summary>
static class Eventually
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer will do. The last answer is returned either way, for the test to judge.</summary>
    /// <param name="atMost">Longer than usual, for what is slow to begin.</param>
    public static async Task<T> Get<T>(Func<Task<T>> ask, Func<T, bool> holds, TimeSpan? atMost = null)
    {
        using var patience = new CancellationTokenSource(atMost ?? Patience);
        while (true)
        {
            var answer = await ask();
            if (holds(answer) || patience.IsCancellationRequested)
            {
                return answer;
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    public static async Task Holds(Func<Task<bool>> ask) => Assert.That(await Get(ask, yes => yes), Is.True, "It did not come true.");
}

namespace AgentPlatform.Api;

/// <summary>
/// Who speaks in one conversation goes one by one, here already: whoever waited for the conversation's row would hold a connection to the database meanwhile,
/// and a crowd of them all there are. Other nodes are kept apart by that row.
/// </summary>
sealed class ConversationTurnstile
{
    readonly Dictionary<Guid, Place> places = [];

    /// <summary>Does it when nobody else of this node does something in that conversation.</summary>
    public async Task<T> Pass<T>(Guid conversation, Func<Task<T>> act, CancellationToken ct)
    {
        Place place;
        lock (places)
        {
            if (!places.TryGetValue(conversation, out place!))
            {
                places[conversation] = place = new Place();
            }

            place.Waiting++;
        }

        try
        {
            await place.Turn.WaitAsync(ct);
            try
            {
                return await act();
            }
            finally
            {
                place.Turn.Release();
            }
        }
        finally
        {
            lock (places)
            {
                if (--place.Waiting == 0)
                {
                    places.Remove(conversation);
                    place.Turn.Dispose();
                }
            }
        }
    }

    sealed class Place
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Waiting { get; set; }
    }
}

namespace AgentPlatform.Domain.Agents.Graphs;

/// <summary>What follows from the arrows alone: cycles, an order, and who runs before whom. Nothing here recurses, so no graph is too deep.</summary>
/// <param name="count">Nodes are 0 to count - 1.</param>
/// <param name="links">Arrows; both ends are nodes.</param>
sealed class GraphOrder(int count, IReadOnlyList<(int From, int To)> links)
{
    readonly List<int>[] next = Followers(count, links);

    int[]? componentOf;
    ulong[][]? before;

    /// <summary>Strongly connected components by Tarjan, each after all those that it leads to.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Components => field ??= FindComponents();

    /// <summary>One cycle for each component that has one, its nodes in order, beginning with the first written: the shortest through that node.</summary>
    public IEnumerable<IReadOnlyList<int>> Cycles() => Components
        .Where(c => c.Count > 1 || next[c[0]].Contains(c[0]))
        .Select(c => ShortestCycle(c.Min()))
        .OrderBy(c => c[0]);

    /// <summary>Every node after all those before it; among those that are free, the first written comes first. Only for a graph without cycles.</summary>
    public int[] Topological()
    {
        var waitsFor = new int[count];
        foreach (var (_, to) in links)
            waitsFor[to]++;

        var free = new PriorityQueue<int, int>(Enumerable.Range(0, count).Where(n => waitsFor[n] == 0).Select(n => (n, n)));
        var order = new List<int>(count);
        while (free.TryDequeue(out var node, out _))
        {
            order.Add(node);
            foreach (var follower in next[node])
            {
                if (--waitsFor[follower] == 0)
                    free.Enqueue(follower, follower);
            }
        }

        return order.Count == count ? [.. order] : throw new InvalidOperationException("The graph has a cycle.");
    }

    /// <summary>True when a path leads from <paramref name="ancestor"/> to <paramref name="node"/>. Nodes of one cycle are each other's ancestors:
    /// whichever edge is taken out to break it, a node that is no ancestor now will be none then. Costs n²/8 bytes: ask only within the limits.</summary>
    public bool IsAncestor(int ancestor, int node)
    {
        before ??= FindAncestors();
        return (before[componentOf![node]][ancestor / 64] >> (ancestor % 64) & 1) != 0;
    }

    List<IReadOnlyList<int>> FindComponents()
    {
        const int Unseen = -1;
        var seenAt = new int[count];
        var lowest = new int[count];
        var nextChild = new int[count];
        var isOpen = new bool[count];
        Array.Fill(seenAt, Unseen);
        componentOf = new int[count];
        var open = new Stack<int>();
        var path = new Stack<int>();
        var components = new List<IReadOnlyList<int>>();
        var clock = 0;

        for (var root = 0; root < count; root++)
        {
            if (seenAt[root] == Unseen)
                Enter(root);
            while (path.TryPeek(out var node))
            {
                if (nextChild[node] < next[node].Count)
                {
                    var child = next[node][nextChild[node]++];
                    if (seenAt[child] == Unseen)
                        Enter(child);
                    else if (isOpen[child])
                        lowest[node] = Math.Min(lowest[node], seenAt[child]);
                    continue;
                }

                path.Pop();
                if (path.TryPeek(out var parent))
                    lowest[parent] = Math.Min(lowest[parent], lowest[node]);
                if (lowest[node] == seenAt[node])
                    Close(node);
            }
        }

        return components;

        void Enter(int node)
        {
            seenAt[node] = lowest[node] = clock++;
            isOpen[node] = true;
            open.Push(node);
            path.Push(node);
        }

        void Close(int root)
        {
            var members = new List<int>();
            int member;
            do
            {
                member = open.Pop();
                isOpen[member] = false;
                componentOf![member] = components.Count;
                members.Add(member);
            }
            while (member != root);
            components.Add(members);
        }
    }

    ulong[][] FindAncestors()
    {
        var components = Components;
        var words = (count + 63) / 64;
        var masks = new ulong[components.Count][];
        for (var c = 0; c < masks.Length; c++)
        {
            masks[c] = new ulong[words];
            if (components[c].Count > 1)
                AddMembers(masks[c], components[c]);
        }

        // Components come after those that they lead to; so from the end, a mask is complete when it is passed on.
        for (var c = masks.Length - 1; c >= 0; c--)
        {
            foreach (var to in components[c].SelectMany(n => next[n]).Select(n => componentOf![n]).Distinct().Where(to => to != c))
            {
                for (var w = 0; w < words; w++)
                    masks[to][w] |= masks[c][w];
                AddMembers(masks[to], components[c]);
            }
        }

        return masks;
    }

    static void AddMembers(ulong[] mask, IReadOnlyList<int> members)
    {
        foreach (var member in members)
            mask[member / 64] |= 1UL << (member % 64);
    }

    List<int> ShortestCycle(int start)
    {
        var cameFrom = new Dictionary<int, int>();
        var queue = new Queue<int>([start]);
        while (queue.TryDequeue(out var node))
        {
            foreach (var child in next[node].Where(child => componentOf![child] == componentOf[start] && cameFrom.TryAdd(child, node)))
            {
                if (child == start)
                    return PathBack(start, cameFrom);
                queue.Enqueue(child);
            }
        }

        throw new InvalidOperationException("A component with a cycle leads back to each of its nodes.");
    }

    static List<int> PathBack(int start, Dictionary<int, int> cameFrom)
    {
        var path = new List<int>();
        var node = start;
        do
        {
            node = cameFrom[node];
            path.Add(node);
        }
        while (node != start);
        path.Reverse();
        return path;
    }

    static List<int>[] Followers(int count, IReadOnlyList<(int From, int To)> links)
    {
        var followers = new List<int>[count];
        for (var i = 0; i < count; i++)
            followers[i] = [];
        foreach (var (from, to) in links)
            followers[from].Add(to);
        return followers;
    }
}

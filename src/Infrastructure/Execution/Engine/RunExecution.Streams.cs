using System.Threading.Channels;
using AgentPlatform.Application.Execution;

namespace AgentPlatform.Infrastructure.Execution.Engine;

// Who watches: under the lock of the steps, so that nothing falls between what was and what comes.
sealed partial class RunExecution
{
    List<ChannelWriter<RunEvent>>? watchers;
    bool ended;

    /// <summary>What happened so far, and a reader for what is still to come; nothing falls between the two.</summary>
    /// <param name="withSaid">Also what the models of open steps have said so far.</param>
    public (IReadOnlyList<RunEvent> Past, ChannelReader<RunEvent> Future) Watch(bool withSaid = false)
    {
        lock (gate)
        {
            var past = new List<RunEvent> { RunEvents.Started(this) };
            foreach (var record in records)
            {
                if (record.Attempt > 0 && record.RunAttempt == Attempt)
                {
                    past.Add(RunEvents.StepStarted(this, record));
                }

                if (record.FinishedAt is not null)
                {
                    past.Add(RunEvents.StepFinished(this, record));
                }
            }

            past.Sort((a, b) => a.Number.CompareTo(b.Number));
            if (withSaid)
            {
                past.AddRange(records.Where(record => record is { FinishedAt: null, Said.Length: > 0 }).Select(record => RunEvents.Token(this, record, 0, record.Said!.ToString())));
            }

            // A reader that cannot keep up loses its stream, not the engine's memory; it reconnects with Last-Event-ID.
            var channel = Channel.CreateBounded<RunEvent>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.Wait });
            if (ended)
            {
                channel.Writer.Complete();
            }
            else
            {
                (watchers ??= []).Add(channel.Writer);
            }

            return (past, channel.Reader);
        }
    }

    /// <summary>
    /// Who is told the text that a step's model says, as it says it. Somebody who starts a run by hand, or watches it already, is about to look; a run
    /// that a schedule or a webhook started mostly runs unseen, and its models are spared the streaming.
    /// </summary>
    public Action<string>? Listener(StepRecord step)
    {
        if (Facts.TriggerSource is not "manual")
        {
            lock (gate)
            {
                if (watchers is null)
                {
                    return null;
                }
            }
        }

        // What is kept back in the end, because a secret might have begun there, comes with the whole.
        var mask = Secrets.Stream();
        return text =>
        {
            lock (gate)
            {
                var shown = mask.Next(text);
                if (step.FinishedAt is null && shown.Length > 0)
                {
                    var said = step.Said ??= new();
                    Tell(RunEvents.Token(this, step, said.Length, shown));
                    said.Append(shown);
                }
            }
        };
    }

    /// <summary>Ends every stream; <paramref name="finished"/> is null when this node lost or parked the run.</summary>
    public void EndStreams(FinishedRun? finished)
    {
        lock (gate)
        {
            if (finished is not null && watchers is not null)
            {
                Tell(RunEvents.Finished(finished));
            }

            watchers?.ForEach(writer => writer.TryComplete());
            watchers = null;
            ended = true;
        }
    }

    /// <summary>Most runs are watched by nobody: then no event is made.</summary>
    void Tell(StepRecord step, bool started)
    {
        if (watchers is not null)
        {
            Tell(started ? RunEvents.StepStarted(this, step) : RunEvents.StepFinished(this, step));
        }
    }

    void Tell(RunEvent what) => watchers?.RemoveAll(writer =>
    {
        // A piece of text that finds no room is left out: it comes again with the whole.
        var lagging = !writer.TryWrite(what) && !what.IsPassing;
        if (lagging)
        {
            writer.TryComplete();
        }

        return lagging;
    });
}

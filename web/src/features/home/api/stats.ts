import type { RunSummary } from '~/generated/api';

const hourMs = 3_600_000;

export interface Figures {
  runs: number;
  /** Of those that succeeded or failed; null while none has. */
  success: number | null;
  /** Milliseconds from start to end; null while none has ended. */
  median: number | null;
}

const at = (run: RunSummary) => new Date(run.queued_at).getTime();

/** Runs that were queued from one instant to before another. */
export const within = (runs: readonly RunSummary[], from: number, to: number) => runs.filter((run) => at(run) >= from && at(run) < to);

export function figures(runs: readonly RunSummary[]): Figures {
  const succeeded = runs.filter((run) => run.status === 'succeeded').length;
  const failed = runs.filter((run) => run.status === 'failed').length;
  const times = runs
    .flatMap((run) => (run.started_at && run.finished_at ? [new Date(run.finished_at).getTime() - new Date(run.started_at).getTime()] : []))
    .sort((a, b) => a - b);
  const middle = times.length >> 1;
  const [low, high] = [times[middle - 1], times[middle]];
  return {
    runs: runs.length,
    success: succeeded + failed > 0 ? succeeded / (succeeded + failed) : null,
    median: high === undefined ? null : times.length % 2 === 1 || low === undefined ? high : (low + high) / 2,
  };
}

export const outcomes = ['succeeded', 'failed', 'canceled', 'open'] as const;

const outcomeOf = (status: string) => (status === 'succeeded' || status === 'failed' || status === 'canceled' ? status : 'open');

/** A row for each of the last hours, the present one last, also where nothing ran. */
export function hours(runs: readonly RunSummary[], now: number, count = 24) {
  const first = Math.floor(now / hourMs) - count + 1;
  const rows = Array.from({ length: count }, (_, hour): Record<string, string | number> => ({ hour: new Date((first + hour) * hourMs).toISOString() }));
  for (const run of runs) {
    const row = rows[Math.floor(at(run) / hourMs) - first];
    if (row) {
      const outcome = outcomeOf(run.status);
      row[outcome] = Number(row[outcome] ?? 0) + 1;
    }
  }
  return rows;
}

export interface Failure {
  agentId: string;
  code: string | null;
  count: number;
  latest: RunSummary;
}

/** Failed runs by agent and error, the most frequent first; runs come the newest first. */
export function failures(runs: readonly RunSummary[]): Failure[] {
  const found = new Map<string, Failure>();
  for (const run of runs.filter((entry) => entry.status === 'failed')) {
    const code = (run.error as { code?: unknown } | null)?.code;
    const key = `${run.agent_id} ${code}`;
    const known = found.get(key);
    if (known) {
      known.count += 1;
    } else {
      found.set(key, { agentId: run.agent_id, code: typeof code === 'string' ? code : null, count: 1, latest: run });
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

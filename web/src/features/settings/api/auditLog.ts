import type { AuditEntryView } from '~/generated/api';
import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export interface AuditFilter {
  action?: string;
  resource_type?: string;
  actor?: string;
  since?: string;
  until?: string;
}

const ask = ({ action, resource_type, actor, since, until }: AuditFilter, limit: number, cursor: string | undefined, signal?: AbortSignal) =>
  client.GET('/v1/audit-logs', {
    params: { query: { Limit: limit, Cursor: cursor, Action: action, resource_type, Actor: actor, Since: instant(since), Until: instant(until) } },
    signal,
  });

/** Days stand in the address, instants in the question. */
const instant = (day: string | undefined) => {
  const at = day ? new Date(day) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
};

export const useAuditLog = (filter: AuditFilter) => usePages(['get', '/v1/audit-logs', filter], (cursor, signal) => ask(filter, 50, cursor, signal));

/** Every entry that fits, page by page. */
export async function readAll(filter: AuditFilter, onProgress: (rows: number) => void): Promise<AuditEntryView[]> {
  const rows: AuditEntryView[] = [];
  let cursor: string | undefined;
  do {
    const { data, error } = await ask(filter, 200, cursor);
    if (!data) {
      throw error;
    }
    rows.push(...data.items);
    onProgress(rows.length);
    cursor = data.next_cursor ?? undefined;
  } while (cursor);
  return rows;
}

import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export interface RunFilter {
  agent?: string;
  status?: string;
  trigger?: string;
  since?: string;
  until?: string;
  error_code?: string;
}

/** A day or an instant of the address as the API takes it. */
const instant = (text: string | undefined) => {
  const at = text ? new Date(text) : null;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
};

export const asked = ({ since, until, ...filter }: RunFilter) => ({ ...filter, since: instant(since), until: instant(until) });

export const useRuns = (filter: RunFilter) =>
  usePages(['get', '/v1/runs', filter], (cursor, signal) => client.GET('/v1/runs', { params: { query: { ...asked(filter), limit: 50, cursor } }, signal }));

import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export interface InteractionFilter {
  agent?: string;
  type?: string;
  rated?: boolean;
  since?: string;
  until?: string;
}

const dayMs = 86_400_000;

/** Days of the address as the API takes them: the last one counts whole. */
export const asked = ({ since, until, ...filter }: InteractionFilter) => ({
  ...filter,
  since: since ? new Date(since).toISOString() : undefined,
  until: until ? new Date(new Date(until).getTime() + dayMs).toISOString() : undefined,
});

export const useInteractions = (filter: InteractionFilter) =>
  usePages(['get', '/v1/interactions', filter], (cursor, signal) =>
    client.GET('/v1/interactions', { params: { query: { ...asked(filter), limit: 50, cursor } }, signal }),
  );

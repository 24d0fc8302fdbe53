import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';

export interface LedgerFilter {
  agent?: string;
  user?: string;
  service?: string;
  run?: string;
  since?: string;
  until?: string;
}

/** The days of the filter are whole ones, in UTC as the sums are. */
const asked = ({ agent, user, service, run, since, until }: LedgerFilter) => ({
  agent_id: agent,
  user_id: user,
  service,
  run_id: run,
  since: since && `${since}T00:00:00Z`,
  until: until && `${until}T23:59:59.999999Z`,
});

export const useLedger = (filter: LedgerFilter) =>
  usePages(['get', '/v1/usage/ledger', filter], (cursor, signal) =>
    client.GET('/v1/usage/ledger', { params: { query: { ...asked(filter), limit: 50, cursor } }, signal }),
  );

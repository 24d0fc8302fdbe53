import { $api } from '~/lib/client';

/** The platform's integrations and the tenant's own; the first 200. */
export const useIntegrations = () => $api.useQuery('get', '/v1/integrations', { params: { query: { limit: 200 } } }, { staleTime: 60_000 });

export const useVendors = () => $api.useQuery('get', '/v1/vendors', {}, { staleTime: 300_000 });

/** The tenant's credentials and one's own; the first 200. */
export const useCredentials = (enabled = true) => $api.useQuery('get', '/v1/credentials', { params: { query: { limit: 200 } } }, { enabled });

/** Where a browser goes so that a person consents, and comes back from to a page of ours. */
export const consentAddress = (integration: string, credential: string) =>
  `/v1/integrations/${encodeURIComponent(integration)}/authorize?credential=${credential}&return_to=${encodeURIComponent('/credentials')}`;

import { $api } from '~/lib/client';

export const useTypes = () => $api.useQuery('get', '/v1/interaction-types', {}, { staleTime: Number.POSITIVE_INFINITY });

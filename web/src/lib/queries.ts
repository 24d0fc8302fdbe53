import { QueryClient } from '@tanstack/react-query';
import { problemOf } from '~/lib/problem';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays one however often it is asked; only what may pass is tried again.
      retry: (count, error) => count < 2 && ![400, 401, 403, 404, 409, 412, 422].includes(problemOf(error).status ?? 0),
      refetchOnWindowFocus: true,
    },
  },
});

/** Everything that was read from an address that begins so is asked for again. */
export const refresh = (...beginnings: string[]) =>
  queryClient.invalidateQueries({
    predicate: ({ queryKey }) => typeof queryKey[1] === 'string' && beginnings.some((path) => (queryKey[1] as string).startsWith(path)),
  });

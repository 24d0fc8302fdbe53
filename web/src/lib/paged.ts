import { useInfiniteQuery } from '@tanstack/react-query';

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

interface Answer<T> {
  data?: Page<T>;
  error?: unknown;
}

/** A list of the API that comes in pages: the rows that are there, and how to get more. The key begins like those of `$api`: method, path. */
export function usePages<T>(
  key: readonly unknown[],
  ask: (cursor: string | undefined, signal: AbortSignal) => Promise<Answer<T>>,
  options?: { refetchInterval?: number },
) {
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Page<T>) => page.next_cursor ?? undefined,
    queryFn: async ({ pageParam, signal }) => {
      const { data, error } = await ask(pageParam, signal);
      if (!data) {
        throw error;
      }
      return data;
    },
    ...options,
  });
  return {
    data: query.data?.pages.flatMap((page) => page.items),
    error: query.error,
    isPending: query.isPending,
    refetch: query.refetch,
    hasNextPage: query.hasNextPage,
    fetchNextPage: query.fetchNextPage,
    more: query.hasNextPage ? { load: () => void query.fetchNextPage(), busy: query.isFetchingNextPage } : null,
  };
}

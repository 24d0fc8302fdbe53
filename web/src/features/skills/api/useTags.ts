import { useMutation } from '@tanstack/react-query';
import { $api, client } from '~/lib/client';
import { slugOf } from '~/lib/format';
import { tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';

export const useTags = () => $api.useQuery('get', '/v1/tags', { params: { query: { limit: 200 } } }, { staleTime: 60_000 });

/** Gives a skill these tags; those that are not there yet are made. */
export function useTagSkill(skill: string) {
  const tags = useTags();
  return useMutation({
    mutationFn: async (names: string[]) => {
      const known = new Set(tags.data?.items.map((tag) => tag.slug));
      for (const name of names.filter((entry) => !known.has(slugOf(entry)))) {
        const { error } = await client.POST('/v1/tags', { body: { slug: slugOf(name), name } });
        if (error) {
          throw error;
        }
      }
      const { error } = await client.PATCH('/v1/skills/{skill}', { params: { path: { skill } }, body: { tags: names.map(slugOf) } });
      if (error) {
        throw error;
      }
    },
    onSuccess: () => refresh('/v1/skills', '/v1/tags'),
    onError: tellProblem,
  });
}

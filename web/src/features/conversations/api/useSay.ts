import { useMutation } from '@tanstack/react-query';
import { client } from '~/lib/client';
import { refresh } from '~/lib/queries';
import { encoded } from './files';

export interface Saying {
  content: string;
  files: readonly File[];
}

/** Sends a message. The answer is watched as a stream of its own, which a lost connection takes up again. */
export async function say(id: string, { content, files }: Saying) {
  const { data, error } = await client.POST('/v1/conversations/{id}/messages', {
    params: { path: { id } },
    body: { content, files: files.length > 0 ? await encoded(files) : undefined, wait: false },
  });
  if (!data) {
    throw error;
  }
  return data;
}

export const useSay = (id: string) => useMutation({ mutationFn: (saying: Saying) => say(id, saying), onSuccess: () => refresh('/v1/conversations') });

/** Begins a conversation with what is said first. The conversation stays when its first message is refused, so nothing is written twice. */
export const useBegin = () =>
  useMutation({
    mutationFn: async ({ agent, ...saying }: Saying & { agent: string }) => {
      const { data, error } = await client.POST('/v1/conversations', { body: { agent } });
      if (!data) {
        throw error;
      }
      const refusal = await say(data.id, saying).then(
        () => null,
        (problem: unknown) => problem,
      );
      return { id: data.id, refusal };
    },
    onSuccess: () => refresh('/v1/conversations'),
  });

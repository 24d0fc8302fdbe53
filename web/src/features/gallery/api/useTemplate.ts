import { useMutation } from '@tanstack/react-query';
import { client } from '~/lib/client';
import { renamed } from './renamed';
import type { Template } from './templates';

interface Chosen {
  template: Template;
  slug: string;
  name: string;
}

export class SlugTaken extends Error {}

/** Makes an agent of a template. Applying a definition would change an agent that is already there, so that is looked up before. */
export const useMakeOf = (onDone: (slug: string) => void) =>
  useMutation({
    mutationFn: async ({ template, slug, name }: Chosen) => {
      const path = { params: { path: { agent: slug } } };
      const found = await client.GET('/v1/agents/{agent}', path);
      if (found.data) {
        throw new SlugTaken();
      }
      const { data, error } = await client.PUT('/v1/agents/{agent}/definition', {
        ...path,
        body: renamed(template.text, slug, name),
        bodySerializer: (body) => body as string,
        headers: { 'Content-Type': 'application/yaml' },
      });
      if (!data) {
        throw error;
      }
      return data.agent.slug;
    },
    onSuccess: onDone,
  });

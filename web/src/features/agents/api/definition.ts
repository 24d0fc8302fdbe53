import type { AppliedDefinition } from '~/generated/api';
import { client } from '~/lib/client';

/** Makes an agent what the text says, or makes it. */
export async function applyDefinition(slug: string, text: string): Promise<AppliedDefinition> {
  const { data, error } = await client.PUT('/v1/agents/{agent}/definition', {
    params: { path: { agent: slug } },
    body: text,
    bodySerializer: (body) => body as string,
    headers: { 'Content-Type': 'application/yaml' },
  });
  if (!data) {
    throw error;
  }
  return data;
}

export async function exportDefinition(agent: string): Promise<string> {
  const { data, error } = await client.GET('/v1/agents/{agent}/definition', {
    params: { path: { agent } },
    headers: { Accept: 'application/yaml' },
    parseAs: 'text',
  });
  if (data === undefined) {
    throw error;
  }
  return data;
}

import { isMap, parseDocument } from 'yaml';
import type { AppliedDefinition } from '~/generated/api';
import { client } from '~/lib/client';
import { strings } from '~/lib/strings';

const t = strings.agents;

/** The slug that a definition names, or the sentence that says what is wrong with its text. */
export function readDefinition(text: string): { slug: string } | { problem: string } {
  const document = parseDocument(text, { prettyErrors: false });
  const [fault] = document.errors;
  if (fault) {
    return { problem: t.yamlBroken(text.slice(0, fault.pos[0]).split('\n').length, fault.message) };
  }
  const slug = isMap(document.contents) ? document.contents.get('slug') : undefined;
  return typeof slug === 'string' && slug !== '' ? { slug } : { problem: t.yamlNeeds };
}

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

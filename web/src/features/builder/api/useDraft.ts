import { useQuery } from '@tanstack/react-query';
import type { AgentDraftView, AgentView } from '~/generated/api';
import { client } from '~/lib/client';
import { problemOf } from '~/lib/problem';
import type { DraftStore, Saved } from './draftSaver';

export interface StoredDraft {
  draft: AgentDraftView;
  tag: string;
}

export async function readDraft(agent: string, signal?: AbortSignal): Promise<StoredDraft | null> {
  const { data, error, response } = await client.GET('/v1/agents/{agent}/draft', { params: { path: { agent } }, signal });
  if (data) {
    return { draft: data, tag: response.headers.get('ETag') ?? '' };
  }
  if (response.status === 204) {
    return null;
  }
  throw error;
}

/** The draft as it is when the builder opens; from then on the builder has it. */
export function useStoredDraft(agent: AgentView) {
  return useQuery({
    queryKey: ['draft', agent.id],
    queryFn: ({ signal }) => readDraft(agent.id, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function draftStore(agent: string): DraftStore {
  const path = { agent };
  const refusal = (status: number): Saved => ({ kind: status === 412 ? 'conflict' : 'failed' });
  return {
    async put(body, tag) {
      try {
        const { data, response } = await client.PUT('/v1/agents/{agent}/draft', { params: { path }, body, headers: tag ? { 'If-Match': tag } : {} });
        return data ? { kind: 'saved', tag: response.headers.get('ETag'), at: data.updated_at } : refusal(response.status);
      } catch {
        return { kind: 'failed' };
      }
    },
    async remove(tag) {
      try {
        const { error, response } = await client.DELETE('/v1/agents/{agent}/draft', { params: { path }, headers: { 'If-Match': tag } });
        return response.ok || problemOf(error).code === 'draft_not_found' ? { kind: 'saved', tag: null, at: null } : refusal(response.status);
      } catch {
        return { kind: 'failed' };
      }
    },
  };
}

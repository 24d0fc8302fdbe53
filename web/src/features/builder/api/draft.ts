import { type Graph, readGraph } from '~/lib/graph';

export interface Draft {
  graph: Graph;
  /** The version that it began from. */
  base: string | null;
  at: string;
}

const keyOf = (tenant: string, agent: string) => `draft:${tenant}:${agent}`;

/** Drafts stay in this browser: the API knows only versions that are published. */
export function readDraft(tenant: string, agent: string): Draft | null {
  try {
    const stored = JSON.parse(localStorage.getItem(keyOf(tenant, agent)) ?? 'null') as Draft | null;
    return stored && { ...stored, graph: readGraph(stored.graph) };
  } catch {
    return null;
  }
}

/** @returns Whether it could be kept: storage may be full or forbidden. */
export function keepDraft(tenant: string, agent: string, draft: Draft): boolean {
  try {
    localStorage.setItem(keyOf(tenant, agent), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(tenant: string, agent: string) {
  try {
    localStorage.removeItem(keyOf(tenant, agent));
  } catch {
    // Without storage there is no draft either.
  }
}

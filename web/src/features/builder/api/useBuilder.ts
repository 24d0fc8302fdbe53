import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { AgentVersionView, AgentView } from '~/generated/api';
import { client } from '~/lib/client';
import { type Graph, readGraph } from '~/lib/graph';
import { useAccount } from '~/lib/session';
import { placed } from './document';
import { type Draft, dropDraft, keepDraft, readDraft } from './draft';
import { advance, begin } from './history';

const same = (a: Graph, b: Graph) => JSON.stringify(a) === JSON.stringify(b);

/** The document that is being built: its history, its draft, and what is wrong with it. */
export function useBuilder(agent: AgentView, version: AgentVersionView | undefined) {
  const tenant = useAccount().tenant?.id ?? '';
  const stored = useMemo(() => readGraph(version?.graph ?? { nodes: [], edges: [] }), [version]);
  const [laidOut, setLaidOut] = useState<{ of: Graph; graph: Graph } | null>(null);
  const published = laidOut?.of === stored ? laidOut.graph : stored;
  const [first] = useState(() => readDraft(tenant, agent.id));
  const [history, dispatch] = useReducer(advance, first?.graph ?? published, begin);
  const [base, setBase] = useState(first ? first.base : agent.latest_version_id);
  const [savedAt, setSavedAt] = useState<string | null>(first?.at ?? null);
  const graph = history.present;
  const isChanged = useMemo(() => !same(graph, published), [graph, published]);

  const touched = useRef(false);
  const [settled] = useDebouncedValue(graph, 500);
  useEffect(() => {
    if (!touched.current) {
      return;
    }
    if (same(settled, published)) {
      dropDraft(tenant, agent.id);
      setSavedAt(null);
      return;
    }
    const draft: Draft = { graph: settled, base, at: new Date().toISOString() };
    setSavedAt(keepDraft(tenant, agent.id, draft) ? draft.at : null);
  }, [settled, published, base, tenant, agent.id]);

  const check = useQuery({
    queryKey: ['check', settled],
    enabled: settled.nodes.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    queryFn: async ({ signal }) => {
      const { data, error } = await client.POST('/v1/agents/validate', { body: { graph: settled }, signal });
      if (!data) {
        throw error;
      }
      return placed(settled, data.errors);
    },
  });

  const change = useCallback((next: Graph, merge?: string) => {
    touched.current = true;
    dispatch({ kind: 'change', graph: next, merge });
  }, []);
  /** Places for the nodes of a graph that came without: no change of anybody's, and nothing to undo. */
  const layOut = useCallback(
    (placed: Graph) => {
      if (touched.current || first) {
        dispatch({ kind: 'change', graph: placed });
      } else {
        setLaidOut({ of: stored, graph: placed });
        dispatch({ kind: 'begin', graph: placed });
      }
    },
    [first, stored],
  );
  const undo = useCallback(() => {
    touched.current = true;
    dispatch({ kind: 'undo' });
  }, []);
  const redo = useCallback(() => {
    touched.current = true;
    dispatch({ kind: 'redo' });
  }, []);
  const discard = useCallback(() => {
    dropDraft(tenant, agent.id);
    touched.current = false;
    setSavedAt(null);
    setBase(agent.latest_version_id);
    dispatch({ kind: 'begin', graph: published });
  }, [tenant, agent, published]);
  /** What is here was published: the draft has become a version. */
  const settle = useCallback(
    (versionId: string) => {
      dropDraft(tenant, agent.id);
      touched.current = false;
      setSavedAt(null);
      setBase(versionId);
    },
    [tenant, agent.id],
  );
  return {
    graph,
    change,
    layOut,
    undo,
    redo,
    discard,
    settle,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    isChanged,
    isStale: isChanged && base !== agent.latest_version_id,
    savedAt,
    problems: check.data ?? [],
    isChecking: check.isFetching || settled !== graph,
  };
}

export type Builder = ReturnType<typeof useBuilder>;

import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { AgentVersionView, AgentView, DraftContent } from '~/generated/api';
import { client } from '~/lib/client';
import { type Graph, readGraph } from '~/lib/graph';
import { placed, unplaced } from './document';
import { DraftSaver, type SaveState } from './draftSaver';
import { advance, begin } from './history';
import { draftStore, readDraft, type StoredDraft } from './useDraft';

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export type Pins = Readonly<Record<string, unknown>>;

const none: Pins = {};

/** The document that is being built: its history, its draft on the server, and what is wrong with it. */
export function useBuilder(agent: AgentView, version: AgentVersionView | undefined, first: StoredDraft | null) {
  const stored = useMemo(() => readGraph(version?.graph ?? { nodes: [], edges: [] }), [version]);
  const [laidOut, setLaidOut] = useState<{ of: Graph; graph: Graph } | null>(null);
  const published = laidOut?.of === stored ? laidOut.graph : stored;
  const [history, dispatch] = useReducer(advance, first ? readGraph(first.draft.graph) : published, begin);
  const [base, setBase] = useState(first ? first.draft.base_version_id : agent.latest_version_id);
  const [pinned, setPinned] = useState<Pins>(() => (first?.draft.pinned as Pins | undefined) ?? none);
  const [saving, setSaving] = useState<SaveState>(() => ({ kind: first ? 'saved' : 'none', at: first?.draft.updated_at ?? null }));
  const [saver] = useState(() => new DraftSaver(draftStore(agent.id), first?.tag ?? null, setSaving));
  const graph = history.present;
  const isChanged = useMemo(() => !same(graph, published), [graph, published]);

  const touched = useRef(false);
  const content = useCallback(
    (told: Graph, pins: Pins): DraftContent => ({
      graph: told,
      pinned: pins,
      base_version_id: base,
      default_params: version?.default_params,
      model: version?.model,
      system_prompt: version?.system_prompt,
      input_schema: version?.input_schema,
      output_schema: version?.output_schema,
    }),
    [base, version],
  );
  const document = useMemo(() => ({ graph, pinned }), [graph, pinned]);
  const [settled] = useDebouncedValue(document, 500);
  const unsaved = useRef<DraftContent | null>(null);
  unsaved.current = touched.current && settled !== document ? content(graph, pinned) : null;
  useEffect(() => {
    if (touched.current) {
      const isNothing = same(settled.graph, published) && same(settled.pinned, none);
      saver.save(isNothing ? null : content(settled.graph, settled.pinned));
    }
  }, [settled, published, content, saver]);
  useEffect(
    () => () => {
      if (unsaved.current) {
        saver.save(unsaved.current);
      }
    },
    [saver],
  );

  // Where the nodes stand changes nothing about what is right: a graph that is only arranged need not be looked at again.
  const meaning = useMemo(() => JSON.stringify(unplaced(graph)), [graph]);
  const [asked] = useDebouncedValue(meaning, 500);
  const check = useQuery({
    queryKey: ['check', asked],
    enabled: graph.nodes.length > 0,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    queryFn: async ({ signal }) => {
      const asking = JSON.parse(asked) as Graph;
      const { data, error } = await client.POST('/v1/agents/validate', { body: { graph: asking }, signal });
      if (!data) {
        throw error;
      }
      return placed(asking, data.errors);
    },
  });

  const change = useCallback((next: Graph, merge?: string) => {
    touched.current = true;
    dispatch({ kind: 'change', graph: next, merge });
  }, []);
  const pin = useCallback((node: string, output: unknown) => {
    touched.current = true;
    setPinned(({ [node]: _, ...others }) => (output === undefined ? others : { ...others, [node]: output }));
  }, []);
  /** Places for the nodes of a graph that came without: no change of anybody's, and nothing to undo. */
  const layOut = useCallback(
    (arranged: Graph) => {
      if (touched.current || first) {
        dispatch({ kind: 'amend', graph: arranged });
      } else {
        setLaidOut({ of: stored, graph: arranged });
        dispatch({ kind: 'begin', graph: arranged });
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
    touched.current = false;
    saver.save(null);
    setPinned(none);
    setBase(agent.latest_version_id);
    dispatch({ kind: 'begin', graph: published });
  }, [agent, published, saver]);
  /** Stores what is here, changed or not. @returns The tag of the draft, or null where it could not be stored. */
  const flush = useCallback(() => {
    saver.save(content(graph, pinned));
    return saver.settled();
  }, [saver, content, graph, pinned]);
  /** What is here was published and the draft became a version. What is pinned stays for the next tests. */
  const settle = useCallback(
    (versionId: string) => {
      touched.current = false;
      saver.take(null, null);
      setBase(versionId);
      if (!same(pinned, none)) {
        saver.save({ ...content(graph, pinned), base_version_id: versionId });
      }
    },
    [saver, content, graph, pinned],
  );
  const keepMine = useCallback(() => saver.overwrite(), [saver]);
  const takeTheirs = useCallback(async () => {
    const theirs = await readDraft(agent.id);
    touched.current = false;
    saver.take(theirs?.tag ?? null, theirs?.draft.updated_at ?? null);
    setPinned((theirs?.draft.pinned as Pins | undefined) ?? none);
    setBase(theirs ? theirs.draft.base_version_id : agent.latest_version_id);
    dispatch({ kind: 'begin', graph: theirs ? readGraph(theirs.draft.graph) : published });
  }, [agent, published, saver]);
  return {
    graph,
    change,
    layOut,
    undo,
    redo,
    discard,
    flush,
    settle,
    pinned,
    pin,
    saving,
    keepMine,
    takeTheirs,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    isChanged,
    isStale: isChanged && base !== agent.latest_version_id,
    problems: check.data ?? [],
    isChecking: check.isFetching || asked !== meaning,
  };
}

export type Builder = ReturnType<typeof useBuilder>;

import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { createContext, useContext, useMemo } from 'react';
import { $api, client } from '~/lib/client';
import type { Graph } from '~/lib/graph';
import { problemOf } from '~/lib/problem';
import { ancestors, isExpression, isTemplate, type Mode, needed, type Scope } from './expressions';
import { useShapes } from './shapes';
import type { Pins } from './useBuilder';
import type { Steps } from './useTestRun';

const largest = 256 * 1024;

export type Evaluated = { kind: 'value'; value: unknown } | { kind: 'fault'; message: string } | { kind: 'large' } | { kind: 'none' };

interface Readable {
  values: Scope;
  /** Of nodes that never ran the names that their skills tell; of others the values. */
  offered: Scope;
}

const ScopeContext = createContext<Readable>({ values: {}, offered: {} });

export const ScopeProvider = ScopeContext.Provider;

/** What completion offers. */
export const useOffered = () => useContext(ScopeContext).offered;

/** What a node's expressions can read: the values of the last runs, and what is pinned. */
export function useScopeOf(agent: string, graph: Graph, node: string | undefined, steps: Steps, pinned: Pins, input: unknown): Readable {
  const config = $api.useQuery('get', '/v1/agents/{agent}/config', { params: { path: { agent } } }, { staleTime: 60_000 });
  const settings = config.data?.items;
  const before = useMemo(() => (node === undefined ? [] : ancestors(graph, node)), [graph, node]);
  const unknown = useMemo(
    () => graph.nodes.filter(({ id }) => before.includes(id) && !Object.hasOwn(pinned, id) && !steps.get(id)?.output),
    [graph, before, pinned, steps],
  );
  const shapes = useShapes(unknown);
  return useMemo(() => {
    const values = {
      input: input ?? {},
      ...Object.fromEntries(before.map((id) => [id, Object.hasOwn(pinned, id) ? pinned[id] : (steps.get(id)?.output ?? null)])),
      config: Object.fromEntries((settings ?? []).map(({ key, value }) => [key, value])),
      run: { id: '', agent, version: '', trigger: 'manual', started_at: new Date(0).toISOString(), attempt: 1 },
      errors: {},
    };
    return { values, offered: { ...values, ...shapes } };
  }, [agent, before, steps, pinned, input, settings, shapes]);
}

/** Length and hash of a value's text: a key that is short, whatever the last run gave. */
function digestOf(value: unknown): readonly [number, string] {
  const text = JSON.stringify(value);
  let hash = 0;
  for (let i = 0; i < text.length; i++) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  }
  return [text.length, `${text.length}:${hash}`];
}

/** What a text gives over the values of the last run, by the server's own evaluator: what is shown here is what a run would get. */
export function useEvaluated(text: string, mode: Mode): Evaluated {
  const { values: scope } = useContext(ScopeContext);
  const [settled] = useDebouncedValue(text, 300);
  const asks = settled.trim() !== '' && (isExpression(settled, mode) || isTemplate(settled, mode));
  const context = useMemo(() => (asks ? needed(settled, scope) : {}), [asks, settled, scope]);
  const [size, digest] = useMemo(() => digestOf(context), [context]);
  const answer = useQuery({
    queryKey: ['evaluated', mode, settled, digest],
    enabled: asks && size <= largest,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Evaluated> => {
      const body = isTemplate(settled, mode) ? { template: settled, context } : { expression: settled, context };
      const { data, error } = await client.POST('/v1/expressions/evaluate', { body, signal });
      if (!data) {
        return { kind: 'fault', message: problemOf(error).errors?.[0]?.message ?? problemOf(error).detail ?? '' };
      }
      return data.error ? { kind: 'fault', message: data.error.message } : { kind: 'value', value: data.value };
    },
  });
  if (!asks) {
    return { kind: 'none' };
  }
  return size > largest ? { kind: 'large' } : (answer.data ?? { kind: 'none' });
}

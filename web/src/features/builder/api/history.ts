import type { Graph } from '~/lib/graph';

export interface History {
  past: Graph[];
  present: Graph;
  future: Graph[];
  /** Changes of the same thing one after the other, such as typing in a field, are one step. */
  merging: string | null;
}

export type Step = { kind: 'change'; graph: Graph; merge?: string } | { kind: 'undo' } | { kind: 'redo' } | { kind: 'begin' | 'amend'; graph: Graph };

const longest = 200;

export const begin = (graph: Graph): History => ({ past: [], present: graph, future: [], merging: null });

export function advance(history: History, step: Step): History {
  const { past, present, future } = history;
  switch (step.kind) {
    case 'begin':
      return begin(step.graph);
    // The same document, told better: no step that anybody could want to take back.
    case 'amend':
      return { ...history, present: step.graph };
    case 'change': {
      if (step.graph === present) {
        return history;
      }
      const isSame = step.merge !== undefined && step.merge === history.merging;
      return { past: isSame ? past : [...past, present].slice(-longest), present: step.graph, future: [], merging: step.merge ?? null };
    }
    case 'undo': {
      const before = past.at(-1);
      return before ? { past: past.slice(0, -1), present: before, future: [present, ...future], merging: null } : history;
    }
    case 'redo': {
      const [after, ...rest] = future;
      return after ? { past: [...past, present], present: after, future: rest, merging: null } : history;
    }
  }
}

import type { AgentVersionDiff, JsonChange } from '~/generated/api';
import type { Graph, GraphEdge } from '~/lib/graph';

export type Change = 'added' | 'removed' | 'changed';

export interface Compared {
  /** Everything that either version has. */
  graph: Graph;
  /** By node. */
  nodes: ReadonlyMap<string, Change>;
  /** By place in `graph.edges`. */
  edges: readonly (Change | undefined)[];
  /** What changed of a node; that it was moved on the canvas is none. */
  changes: ReadonlyMap<string, JsonChange[]>;
}

const sameEdge = (a: GraphEdge, b: GraphEdge) => a.from === b.from && a.to === b.to && a.case === b.case && a.when === b.when;

const isMove = ({ pointer }: JsonChange) => pointer === '/position' || pointer.startsWith('/position/');

/** Two versions as one graph in which each part says what became of it. */
export function compared(before: Graph, after: Graph, diff: AgentVersionDiff['graph']): Compared {
  const removed = new Set(diff.nodes.removed);
  const changes = new Map(
    diff.nodes.changed.map(({ id, changes: all }) => [id, all.filter((change) => !isMove(change))] as const).filter(([, all]) => all.length > 0),
  );
  const gone = before.edges.filter((edge) => !after.edges.some((other) => sameEdge(edge, other)));
  return {
    graph: { nodes: [...after.nodes, ...before.nodes.filter((node) => removed.has(node.id))], edges: [...after.edges, ...gone] },
    nodes: new Map<string, Change>([
      ...[...changes.keys()].map((id) => [id, 'changed'] as const),
      ...diff.nodes.added.map((id) => [id, 'added'] as const),
      ...diff.nodes.removed.map((id) => [id, 'removed'] as const),
    ]),
    edges: [
      ...after.edges.map((edge) => (before.edges.some((other) => sameEdge(edge, other)) ? undefined : ('added' as const))),
      ...gone.map(() => 'removed' as const),
    ],
    changes,
  };
}

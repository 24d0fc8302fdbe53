import ELK, { type ElkNode } from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { Graph } from '~/lib/graph';

export const nodeWidth = 200;
export const nodeHeight = 64;

export type Positions = Record<string, { x: number; y: number }>;

let elk: InstanceType<typeof ELK> | null = null;

/** Starts what works out places, which takes longer than the work itself. */
export function warmUp() {
  elk ??= new ELK({ workerUrl });
  return elk;
}

/** Places for a graph's nodes, left to right, worked out beside the page so that it stays awake. */
export async function arrange(graph: Graph, direction: 'RIGHT' | 'DOWN'): Promise<Positions> {
  const placed: ElkNode = await warmUp().layout({
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction,
      'elk.layered.spacing.nodeNodeBetweenLayers': direction === 'RIGHT' ? '72' : '48',
      'elk.spacing.nodeNode': '28',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
    },
    children: graph.nodes.map((node) => ({ id: node.id, width: nodeWidth, height: nodeHeight })),
    edges: graph.edges.map((edge, i) => ({ id: String(i), sources: [edge.from], targets: [edge.to] })),
  });
  return Object.fromEntries((placed.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
}

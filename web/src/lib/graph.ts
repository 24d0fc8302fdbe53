/** A version's graph as the page reads it. The API checks it; here only what is shown matters, so anything odd is left out. */
export interface GraphNode {
  id: string;
  skill: string;
  name?: string;
  with?: Record<string, unknown>;
  position?: { x: number; y: number };
  credential?: string;
  timeout?: string | number;
  on_error?: unknown;
  join?: string;
  body?: Graph;
  [more: string]: unknown;
}

export interface GraphEdge {
  from: string;
  to: string;
  when?: string;
  case?: string;
  [more: string]: unknown;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  output?: unknown;
  [more: string]: unknown;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export function readGraph(value: unknown): Graph {
  const graph = isRecord(value) ? value : {};
  const nodes = (Array.isArray(graph.nodes) ? graph.nodes : []).filter((node): node is GraphNode => isRecord(node) && typeof node.id === 'string');
  const known = new Set(nodes.map((node) => node.id));
  const edges = (Array.isArray(graph.edges) ? graph.edges : []).filter(
    (edge): edge is GraphEdge => isRecord(edge) && known.has(String(edge.from)) && known.has(String(edge.to)),
  );
  return { ...graph, nodes, edges };
}

/** Where the graph's author put its nodes; null while some of them have no place. */
export function placesOf(graph: Graph): Record<string, { x: number; y: number }> | null {
  const places: Record<string, { x: number; y: number }> = {};
  for (const { id, position } of graph.nodes) {
    if (!position || !Number.isFinite(position.x) || !Number.isFinite(position.y)) {
      return null;
    }
    places[id] = position;
  }
  return places;
}

/** What an edge says: the case that it belongs to, or its condition. */
export const edgeLabel = (edge: GraphEdge) => edge.case ?? (edge.when ? edge.when.replace(/^=/, '') : undefined);

/** `slug@1.2.0` without its version. */
export const skillSlug = (skill: string) => skill.split('@')[0] ?? skill;

import type { FieldError } from '~/generated/api';
import type { Graph, GraphEdge, GraphNode } from '~/lib/graph';
import { skillSlug } from '~/lib/graph';
import { renamedInFrames } from './frames';

/** What one can do to a graph. Each answers a new one and leaves the old as it was: that is what undo goes back to. */

const reserved = new Set(['input', 'config', 'run', 'errors', 'item', 'index', 'output', 'null', 'true', 'false']);

export interface Point {
  x: number;
  y: number;
}

export const edgeKey = (edge: GraphEdge) => `${edge.from}>${edge.to}>${edge.case ?? ''}`;

export const isFreeId = (graph: Graph, id: string) => /^[a-z][a-z0-9_]{0,62}$/.test(id) && !reserved.has(id) && !graph.nodes.some((node) => node.id === id);

export function freeId(graph: Graph, wish: string): string {
  const base =
    skillSlug(wish)
      .replace(/[^a-z0-9_]/g, '_')
      .replace(/^[^a-z]+/, '')
      .slice(0, 58) || 'node';
  let id = base;
  for (let n = 2; !isFreeId(graph, id); n++) {
    id = `${base}_${n}`;
  }
  return id;
}

export function addNode(graph: Graph, skill: string, position: Point, args: Record<string, unknown> = {}): { graph: Graph; id: string } {
  const id = freeId(graph, skill);
  const node: GraphNode = { id, skill, ...(Object.keys(args).length > 0 ? { with: args } : {}), position: rounded(position) };
  return { graph: { ...graph, nodes: [...graph.nodes, node] }, id };
}

export const removeNodes = (graph: Graph, ids: ReadonlySet<string>): Graph => ({
  ...renamedInFrames(graph, (id) => (ids.has(id) ? null : id)),
  nodes: graph.nodes.filter((node) => !ids.has(node.id)),
  edges: graph.edges.filter((edge) => !ids.has(edge.from) && !ids.has(edge.to)),
});

export const removeEdges = (graph: Graph, keys: ReadonlySet<string>): Graph => ({ ...graph, edges: graph.edges.filter((edge) => !keys.has(edgeKey(edge))) });

/** A node and all from which one gets to it along the edges. */
export function leadingTo(edges: Graph['edges'], to: string): Set<string> {
  const into = new Map<string, string[]>();
  for (const edge of edges) {
    into.set(edge.to, [...(into.get(edge.to) ?? []), edge.from]);
  }
  const seen = new Set([to]);
  // A set is walked in the order in which it grows.
  for (const id of seen) {
    for (const from of into.get(id) ?? []) {
      seen.add(from);
    }
  }
  return seen;
}

/** Connects two nodes; answers why not where that cannot be. */
export function connect(graph: Graph, from: string, to: string): Graph | 'cycle' | 'duplicate' {
  if (leadingTo(graph.edges, from).has(to)) {
    return 'cycle';
  }
  return graph.edges.some((edge) => edge.from === from && edge.to === to) ? 'duplicate' : { ...graph, edges: [...graph.edges, { from, to }] };
}

/** Changes members of a node; an undefined one is taken away. */
export const changeNode = (graph: Graph, id: string, change: Partial<GraphNode>): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) => (node.id === id ? without({ ...node, ...change }) : node)),
});

export const changeEdge = (graph: Graph, key: string, change: Partial<GraphEdge>): Graph => ({
  ...graph,
  edges: graph.edges.map((edge) => (edgeKey(edge) === key ? without({ ...edge, ...change }) : edge)),
});

function without<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined && member !== '')) as T;
}

export const move = (graph: Graph, places: Readonly<Record<string, Point>>): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) => {
    const place = places[node.id];
    return place ? { ...node, position: rounded(place) } : node;
  }),
});

const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) });

/** Renames a node, and whatever names it: edges, fallbacks, expressions and templates. */
export function rename(graph: Graph, from: string, to: string): Graph {
  const name = (id: string) => (id === from ? to : id);
  const word = new RegExp(`(?<![\\w.'"\`$])${from}(?![\\w(])`, 'g');
  const inText = (text: string) =>
    text.startsWith('=') && !text.startsWith('==') ? text.replace(word, to) : text.replace(/\{\{.*?\}\}/gs, (expression) => expression.replace(word, to));
  const inValue = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return inText(value);
    }
    if (Array.isArray(value)) {
      return value.map(inValue);
    }
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inValue(member)])) : value;
  };
  const fallback = (value: unknown) => (typeof value === 'object' && value !== null && 'goto' in value ? { goto: name(String(value.goto)) } : value);
  return {
    ...renamedInFrames(graph, name),
    nodes: graph.nodes.map((node) => ({
      ...node,
      id: name(node.id),
      ...(node.with ? { with: inValue(node.with) as Record<string, unknown> } : {}),
      ...(node.on_error === undefined ? {} : { on_error: fallback(node.on_error) }),
    })),
    edges: graph.edges.map((edge) => ({ ...edge, from: name(edge.from), to: name(edge.to), ...(edge.when ? { when: edge.when.replace(word, to) } : {}) })),
    ...(graph.output === undefined ? {} : { output: inValue(graph.output) }),
  };
}

export const cut = (graph: Graph, ids: ReadonlySet<string>): Pick<Graph, 'nodes' | 'edges'> => ({
  nodes: graph.nodes.filter((node) => ids.has(node.id)),
  edges: graph.edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)),
});

/** Puts copied nodes beside those they were copied from, under names of their own. */
export function paste(graph: Graph, copied: Pick<Graph, 'nodes' | 'edges'>): { graph: Graph; ids: string[] } {
  let result = graph;
  const names = new Map<string, string>();
  for (const node of copied.nodes) {
    const id = freeId(result, node.id);
    names.set(node.id, id);
    const { x, y } = node.position ?? { x: 0, y: 0 };
    result = { ...result, nodes: [...result.nodes, { ...node, id, position: { x: x + 40, y: y + 40 } }] };
  }
  const edges = copied.edges.map((edge) => ({ ...edge, from: names.get(edge.from) ?? edge.from, to: names.get(edge.to) ?? edge.to }));
  return { graph: { ...result, edges: [...result.edges, ...edges] }, ids: [...names.values()] };
}

export interface PlacedFault extends FieldError {
  /** The node that it is shown at; none for what belongs to the whole. */
  node: string | null;
}

/** What it says, without where its nodes stand. */
export const unplaced = (graph: Graph): Graph => ({ ...graph, nodes: graph.nodes.map(({ position: _, ...node }) => node) });

/** Finds the node of each fault by its pointer (`/graph/nodes/3/with/url`, `/graph/edges/0/to`). */
export const placed = (graph: Graph, faults: readonly FieldError[]): PlacedFault[] =>
  faults.map((fault) => {
    const [, kind, index] = /^\/graph\/(nodes|edges)\/(\d+)/.exec(fault.pointer) ?? [];
    const at = Number(index);
    return { ...fault, node: (kind === 'nodes' ? graph.nodes[at]?.id : kind === 'edges' ? graph.edges[at]?.from : null) ?? null };
  });

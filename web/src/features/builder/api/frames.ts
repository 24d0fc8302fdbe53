import { nodeHeight, nodeWidth } from '~/components/graph/layout';
import type { Graph, GraphNode } from '~/lib/graph';

/** A frame around nodes: for who reads the graph, not for who runs it. */
export interface Frame {
  title?: string;
  nodes: string[];
}

const room = { side: 24, top: 44, bottom: 24 };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export function framesOf(graph: Graph): Frame[] {
  const frames = isRecord(graph.layout) && Array.isArray(graph.layout.frames) ? graph.layout.frames : [];
  return frames.filter((frame): frame is Frame => isRecord(frame) && Array.isArray(frame.nodes));
}

export function withFrames(graph: Graph, frames: readonly Frame[]): Graph {
  const { layout, ...rest } = graph;
  const others = isRecord(layout) ? Object.fromEntries(Object.entries(layout).filter(([name]) => name !== 'frames')) : {};
  const next = { ...others, ...(frames.length > 0 ? { frames } : {}) };
  return Object.keys(next).length > 0 ? { ...rest, layout: next } : rest;
}

/** A node is in one frame: the newest that was made around it. */
export function addFrame(graph: Graph, ids: ReadonlySet<string>, title: string): Graph {
  const nodes = graph.nodes.map(({ id }) => id).filter((id) => ids.has(id));
  const others = framesOf(graph).map((frame) => ({ ...frame, nodes: frame.nodes.filter((id) => !ids.has(id)) }));
  return nodes.length === 0 ? graph : withFrames(graph, [...others.filter((frame) => frame.nodes.length > 0), { title, nodes }]);
}

export const removeFrame = (graph: Graph, at: number): Graph => withFrames(graph, framesOf(graph).toSpliced(at, 1));

/** Takes away the frames that any of the nodes is in. */
export const unframe = (graph: Graph, ids: ReadonlySet<string>): Graph =>
  withFrames(
    graph,
    framesOf(graph).filter((frame) => !frame.nodes.some((id) => ids.has(id))),
  );

export const titleFrame = (graph: Graph, at: number, title: string): Graph =>
  withFrames(
    graph,
    framesOf(graph).map((frame, i) => (i === at ? { ...frame, title } : frame)),
  );

/** Frames follow their nodes: when one goes, or is called something else. */
export const renamedInFrames = (graph: Graph, name: (id: string) => string | null): Graph => {
  const frames = framesOf(graph);
  return frames.length === 0
    ? graph
    : withFrames(
        graph,
        frames.map((frame) => ({ ...frame, nodes: frame.nodes.map(name).filter((id) => id !== null) })).filter((frame) => frame.nodes.length > 0),
      );
};

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The place that a frame takes; none while it is around nothing. */
export function boxOf(frame: Frame, placeOf: (id: string) => GraphNode['position']): Box | null {
  const places = frame.nodes.map(placeOf).filter((place) => place !== undefined);
  if (places.length === 0) {
    return null;
  }
  const [x, y] = [Math.min(...places.map((place) => place.x)) - room.side, Math.min(...places.map((place) => place.y)) - room.top];
  return {
    x,
    y,
    width: Math.max(...places.map((place) => place.x)) + nodeWidth + room.side - x,
    height: Math.max(...places.map((place) => place.y)) + nodeHeight + room.bottom - y,
  };
}

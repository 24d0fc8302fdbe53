import { describe, expect, it } from 'vitest';
import { removeNodes, rename } from './document';
import { addFrame, boxOf, framesOf, removeFrame, titleFrame, unframe } from './frames';

const graph = { nodes: ['a', 'b', 'c'].map((id, i) => ({ id, skill: 'transform', position: { x: i * 300, y: 0 } })), edges: [] };

describe('frames', () => {
  it('are around nodes, each of which is in one', () => {
    const first = addFrame(graph, new Set(['a', 'b']), 'One');
    const second = addFrame(first, new Set(['b', 'c']), 'Two');
    expect(framesOf(second)).toEqual([
      { title: 'One', nodes: ['a'] },
      { title: 'Two', nodes: ['b', 'c'] },
    ]);
    expect(addFrame(graph, new Set(['none']), 'None')).toBe(graph);
  });

  it('follow their nodes', () => {
    const framed = addFrame(graph, new Set(['a', 'b']), 'One');
    expect(framesOf(rename(framed, 'a', 'first'))).toEqual([{ title: 'One', nodes: ['first', 'b'] }]);
    expect(framesOf(removeNodes(framed, new Set(['a'])))).toEqual([{ title: 'One', nodes: ['b'] }]);
    expect(removeNodes(framed, new Set(['a', 'b'])).layout).toBeUndefined();
  });

  it('are titled and taken away', () => {
    const framed = titleFrame(addFrame(graph, new Set(['a']), 'One'), 0, 'Other');
    expect(framesOf(framed)[0]?.title).toBe('Other');
    expect(removeFrame(framed, 0)).toEqual(graph);
    expect(unframe(framed, new Set(['a']))).toEqual(graph);
    expect(unframe(framed, new Set(['b']))).toEqual(framed);
  });

  it('take the place of what they are around', () => {
    const placeOf = (id: string) => graph.nodes.find((node) => node.id === id)?.position;
    expect(boxOf({ nodes: ['a', 'b'] }, placeOf)).toEqual({ x: -24, y: -44, width: 548, height: 132 });
    expect(boxOf({ nodes: ['gone'] }, placeOf)).toBeNull();
  });
});

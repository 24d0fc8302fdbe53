import { describe, expect, it } from 'vitest';
import { placesOf, readGraph } from './graph';

const graph = (...positions: unknown[]) => readGraph({ nodes: positions.map((position, i) => ({ id: `n${i}`, skill: 'transform', position })), edges: [] });

describe('the places of a graph', () => {
  it('are those that its author gave', () => {
    expect(placesOf(graph({ x: 0, y: -40 }, { x: 272, y: 8.5 }))).toEqual({ n0: { x: 0, y: -40 }, n1: { x: 272, y: 8.5 } });
  });

  it('are worked out anew where one node has none', () => {
    expect(placesOf(graph({ x: 0, y: 0 }, undefined))).toBeNull();
    expect(placesOf(graph({ x: 0, y: 0 }, { x: 1 }))).toBeNull();
  });
});

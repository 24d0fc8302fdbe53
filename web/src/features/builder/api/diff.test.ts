import { expect, it } from 'vitest';
import { compared } from './diff';

const node = (id: string) => ({ id, skill: 'transform' });

it('shows both versions as one graph and says what became of each part', () => {
  const before = {
    nodes: [node('a'), node('b'), node('c')],
    edges: [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c', when: 'x' },
    ],
  };
  const after = {
    nodes: [node('a'), node('c'), node('d')],
    edges: [
      { from: 'a', to: 'd' },
      { from: 'b', to: 'c', when: 'y' },
    ],
  };
  const change = (pointer: string) => ({ pointer, before: 1, after: 2 });
  const { graph, nodes, edges, changes } = compared(before, after, {
    nodes: {
      added: ['d'],
      removed: ['b'],
      changed: [
        { id: 'a', changes: [change('/position/x'), change('/with/n')] },
        { id: 'c', changes: [change('/position')] },
      ],
    },
    edges: { added: [], removed: [] },
    output: [],
  });
  expect(graph.nodes.map(({ id }) => id)).toEqual(['a', 'c', 'd', 'b']);
  expect([...nodes]).toEqual([
    ['a', 'changed'],
    ['d', 'added'],
    ['b', 'removed'],
  ]);
  expect(edges).toEqual(['added', 'added', 'removed', 'removed']);
  expect(changes.get('a')?.map(({ pointer }) => pointer)).toEqual(['/with/n']);
});

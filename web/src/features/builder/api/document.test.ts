import { describe, expect, it } from 'vitest';
import type { Graph } from '~/lib/graph';
import { addNode, changeNode, connect, cut, freeId, paste, placed, removeNodes, rename, unplaced } from './document';
import { advance, begin } from './history';

const graph: Graph = {
  nodes: [
    { id: 'fetch', skill: 'http_request', with: { url: '=input.url' } },
    {
      id: 'text',
      skill: 'transform',
      with: { a: '=fetch.body.fetch', b: 'see {{fetch.status}} of fetch', c: "=join('fetch', refetch.items)", d: '==fetch' },
      on_error: { goto: 'fetch' },
    },
  ],
  edges: [{ from: 'fetch', to: 'text', when: 'fetch.status == `200`' }],
  output: { all: ['=fetch'] },
};

describe('a graph', () => {
  it('gives new nodes a free id that the API takes', () => {
    expect(freeId(graph, 'fetch')).toBe('fetch_2');
    expect(freeId(graph, 'slack-post@1.2.0')).toBe('slack_post');
    expect(freeId(graph, 'run')).toBe('run_2');
    expect(addNode(graph, 'llm', { x: 1.4, y: 2.6 }).graph.nodes.at(-1)).toEqual({ id: 'llm', skill: 'llm', position: { x: 1, y: 3 } });
  });

  it('stays without circles', () => {
    expect(connect(graph, 'text', 'fetch')).toBe('cycle');
    expect(connect(graph, 'text', 'text')).toBe('cycle');
    expect(connect(graph, 'fetch', 'text')).toBe('duplicate');
  });

  it('loses the edges of a node that goes', () => {
    const left = removeNodes(graph, new Set(['fetch']));
    expect(left.nodes.map((node) => node.id)).toEqual(['text']);
    expect(left.edges).toEqual([]);
  });

  it('is renamed wherever a node is named, and nowhere else', () => {
    const renamed = rename(graph, 'fetch', 'load');
    expect(renamed.nodes[1]?.with).toEqual({ a: '=load.body.fetch', b: 'see {{load.status}} of fetch', c: "=join('fetch', refetch.items)", d: '==fetch' });
    expect(renamed.nodes[1]?.on_error).toEqual({ goto: 'load' });
    expect(renamed.edges).toEqual([{ from: 'load', to: 'text', when: 'load.status == `200`' }]);
    expect(renamed.output).toEqual({ all: ['=load'] });
  });

  it('takes pasted nodes under names of their own, with the edges between them', () => {
    const { graph: pasted, ids } = paste(graph, cut(graph, new Set(['fetch', 'text'])));
    expect(ids).toEqual(['fetch_2', 'text_2']);
    expect(pasted.edges.at(-1)).toMatchObject({ from: 'fetch_2', to: 'text_2' });
  });

  it('drops a member that is emptied', () =>
    expect(changeNode(graph, 'fetch', { name: '', with: undefined }).nodes[0]).toEqual({ id: 'fetch', skill: 'http_request' }));

  it('says the same wherever its nodes stand', () => {
    const moved: Graph = { ...graph, nodes: graph.nodes.map((node) => ({ ...node, position: { x: 7, y: 9 } })) };
    expect(unplaced(moved)).toEqual(unplaced(graph));
    expect(unplaced(moved)).not.toEqual(unplaced(removeNodes(graph, new Set(['fetch']))));
  });

  it('finds the node of a fault', () => {
    const faults = ['/graph/nodes/1/with/a', '/graph/edges/0/to', '/graph/output'].map((pointer) => ({ pointer, code: 'c', message: 'm' }));
    expect(placed(graph, faults).map((fault) => fault.node)).toEqual(['text', 'fetch', null]);
  });
});

describe('history', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((output) => ({ ...graph, output })) as [Graph, Graph, Graph];

  it('goes back and forth', () => {
    let history = advance(advance(begin(a), { kind: 'change', graph: b }), { kind: 'change', graph: c });
    history = advance(history, { kind: 'undo' });
    expect(history.present).toBe(b);
    expect(advance(history, { kind: 'redo' }).present).toBe(c);
    expect(advance(advance(history, { kind: 'undo' }), { kind: 'undo' }).present).toBe(a);
  });

  it('takes typing in one field as one step', () => {
    let history = advance(begin(a), { kind: 'change', graph: b, merge: 'fetch.url' });
    history = advance(history, { kind: 'change', graph: c, merge: 'fetch.url' });
    expect(advance(history, { kind: 'undo' }).present).toBe(a);
  });

  it('has nothing to take back of places that were found late', () => {
    const history = advance(advance(begin(a), { kind: 'change', graph: b }), { kind: 'amend', graph: c });
    expect(history.present).toBe(c);
    expect(advance(history, { kind: 'undo' }).present).toBe(a);
  });

  it('forgets the future when something else is done', () => {
    const history = advance(advance(advance(begin(a), { kind: 'change', graph: b }), { kind: 'undo' }), { kind: 'change', graph: c });
    expect(advance(history, { kind: 'redo' }).present).toBe(c);
  });
});

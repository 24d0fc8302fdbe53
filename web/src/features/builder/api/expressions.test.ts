import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ancestors, callAt, complete, expressionBefore, needed, valueAt } from './expressions';
import { functions } from './functions';

const scope = {
  input: { reader: 'Ann', 'odd name': 1 },
  fetch: {
    status: 200,
    body: {
      items: [
        { title: 'One', tags: ['a'] },
        { title: 'Two', tags: [] },
      ],
    },
  },
};

const labels = (before: string) =>
  complete(before, scope)
    ?.suggestions.filter((one) => one.kind === 'name')
    .map((one) => one.label) ?? [];

describe('complete', () => {
  it('offers what can be read, then functions', () => {
    expect(labels('')).toEqual(['input', 'fetch']);
    expect(complete('so', scope)).toMatchObject({ typed: 2 });
    expect(complete('', scope)?.suggestions.find((one) => one.label === 'sort_by')).toMatchObject({ apply: 'sort_by(', detail: '(array, &key)' });
  });

  it('offers the members that the last run had', () => {
    expect(labels('fetch.')).toEqual(['status', 'body']);
    expect(labels('length(fetch.body.')).toEqual(['items']);
    expect(labels('fetch.body.items[0].')).toEqual(['title', 'tags']);
    expect(labels('fetch.body.items[].ti')).toEqual(['title', 'tags']);
    expect(labels('fetch.body.items[*].')).toEqual(['title', 'tags']);
  });

  it('quotes names that are none', () => {
    expect(complete('input.', scope)?.suggestions[1]).toMatchObject({ label: 'odd name', apply: '"odd name"' });
  });

  it('knows the element inside a filter and behind a reference', () => {
    expect(labels('fetch.body.items[?')).toEqual(['title', 'tags']);
    expect(labels("fetch.body.items[?title == 'x' && ")).toEqual(['title', 'tags']);
    expect(labels('sort_by(fetch.body.items, &')).toEqual(['title', 'tags']);
    expect(labels('fetch.body.items[?@.')).toEqual(['title', 'tags']);
  });

  it('is silent in a literal and after a whole name', () => {
    expect(complete("contains(input.reader, 'in", scope)).toBeNull();
    expect(complete('fetch.status.', scope)).toBeNull();
    expect(complete('nothing.', scope)).toBeNull();
  });
});

describe('expressionBefore', () => {
  it.each([
    ['=input.', 7, 'value', 'input.'],
    ['==plain', 7, 'value', null],
    ['Dear {{input.', 13, 'value', 'input.'],
    ['Dear {{input.reader}}, ', 23, 'value', null],
    ['{{#each fetch.', 14, 'value', 'each fetch.'],
    ['input.', 6, 'condition', 'input.'],
    ['plain', 5, 'value', null],
  ] as const)('of %s', (text, at, mode, expected) => expect(expressionBefore(text, at, mode)).toBe(expected));
});

it('finds values by their paths', () => {
  expect(valueAt(scope, 'fetch.body.items[-1].title')).toBe('Two');
  expect(valueAt(scope, 'input."odd name"')).toBe(1);
  expect(valueAt(scope, 'fetch.none.more')).toBeUndefined();
  expect(valueAt(scope, 'input.constructor')).toBeUndefined();
});

it('says what the function takes whose arguments are written', () => {
  expect(callAt('sort_by(fetch.body.items, ')?.[0]).toBe('sort_by(array, &key)');
  expect(callAt('join(`,`, sort(x), ')?.[0]).toBe('join(between, texts)');
  expect(callAt('length(x)')).toBeNull();
});

it('sends only what a text names', () => expect(Object.keys(needed('=fetch.body', { ...scope, other: 1 }))).toEqual(['fetch']));

it('knows what comes before a node, by edges and by fallbacks', () => {
  const graph = {
    nodes: [
      { id: 'a', skill: 's', on_error: { goto: 'c' } },
      { id: 'b', skill: 's' },
      { id: 'c', skill: 's' },
      { id: 'd', skill: 's' },
    ],
    edges: [
      { from: 'b', to: 'a' },
      { from: 'c', to: 'd' },
    ],
  };
  expect(ancestors(graph, 'c')).toEqual(['a', 'b']);
});

it('describes every function that the server has, and no other', () => {
  const folder = '../src/Domain/Shared/Expressions';
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.cs'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
  const known = sources.flatMap((source) => [...source.matchAll(/Function\.Of\("(\w+)"/g)].map((match) => match[1]));
  expect(Object.keys(functions).sort()).toEqual(known.sort());
});

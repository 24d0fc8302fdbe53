import { describe, expect, it } from 'vitest';
import { complete } from './expressions';
import { shapeOf } from './shapes';

const schema = {
  type: 'object',
  properties: {
    status: { type: 'integer' },
    body: { type: 'object', properties: { items: { type: 'array', items: { type: 'object', properties: { title: { type: 'string' } } } } } },
    anything: true,
  },
};

const labels = (before: string) => complete(before, { fetch: shapeOf(schema) })?.suggestions.map((one) => one.label) ?? [];

describe('a schema', () => {
  it('tells names where nothing has run', () => {
    expect(labels('fetch.')).toEqual(['status', 'body', 'anything']);
    expect(labels('fetch.body.items[0].')).toEqual(['title']);
    expect(labels('fetch.body.items[?').slice(0, 1)).toEqual(['title']);
  });

  it('tells nothing where it says nothing', () => {
    expect(shapeOf(null)).toBeUndefined();
    expect(shapeOf({ type: 'string' })).toBeUndefined();
    expect(labels('fetch.status.')).toEqual([]);
  });
});

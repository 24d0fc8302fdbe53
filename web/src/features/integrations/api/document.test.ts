import { describe, expect, it } from 'vitest';
import { readDocument, titleOf } from './document';

describe('an OpenAPI document', () => {
  it('is read as JSON and as YAML', () => {
    expect(titleOf(readDocument('{"info":{"title":"Pets"}}') ?? {})).toBe('Pets');
    expect(titleOf(readDocument('info:\n  title: Pets\n') ?? {})).toBe('Pets');
  });

  it.each(['', 'only words', '[1]', '{"open', 'a: b: c'])('is not %j', (text) => expect(readDocument(text)).toBeNull());

  it('without a title has none', () => expect(titleOf({ info: {} })).toBe(''));
});

import { describe, expect, it } from 'vitest';
import { encoded, maxBytes, maxFiles, mediaTypeOf, problemOf } from './files';

const file = (name: string, type: string, size = 1) => ({ name, type, size });

describe('files of a message', () => {
  it.each([
    ['a.png', 'image/png', 'image/png'],
    ['a.txt', 'text/plain;charset=utf-8', 'text/plain'],
    ['notes.md', '', 'text/plain'],
    ['query.sql', 'application/sql', 'text/plain'],
    ['a.pdf', 'application/pdf', null],
    ['a.svg', 'image/svg+xml', null],
  ])('%s of type "%s" goes as %s', (name, type, expected) => expect(mediaTypeOf({ name, type })).toBe(expected));

  it('are so many and so large at most', () => {
    expect(problemOf([file('a', 'text/plain', maxBytes)])).toBeNull();
    expect(problemOf([file('a', 'text/plain', maxBytes), file('b', 'text/plain')])).toContain('512 KiB');
    expect(problemOf(Array.from({ length: maxFiles + 1 }, (_, at) => file(`${at}`, 'text/plain')))).toContain('8');
    expect(problemOf([file('a.pdf', 'application/pdf')])).toContain('a.pdf');
  });

  it('are sent as they are', async () =>
    expect(await encoded([new File(['hej'], 'a.txt', { type: 'text/plain' })])).toEqual([{ name: 'a.txt', media_type: 'text/plain', base64: btoa('hej') }]));
});

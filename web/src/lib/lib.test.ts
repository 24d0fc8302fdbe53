import { describe, expect, it } from 'vitest';
import { csv } from './download';
import { ago, duration, money, slugOf } from './format';
import { fieldOf, sentenceOf } from './problem';
import * as search from './search';
import { covers } from './session';

describe('format', () => {
  it.each([
    [0, '0 ms'],
    [840, '840 ms'],
    [3_240, '3.2 s'],
    [59_400, '59 s'],
    [250_000, '4 min 10 s'],
    [7_500_000, '2 h 5 min'],
    [200_000_000, '2 d 7 h'],
  ])('says %i ms as %s', (ms, text) => expect(duration(ms)).toBe(text));

  it('says the past and the future', () => {
    const now = Date.parse('2026-01-01T12:00:00Z');
    expect(ago('2026-01-01T11:57:00Z', now)).toBe('3 min. ago');
    expect(ago('2026-01-01T14:00:00Z', now)).toBe('in 2 hr.');
    expect(ago('2026-01-01T11:59:58Z', now)).toBe('just now');
  });

  it('keeps the digits of small sums', () => {
    expect(money(1_250_000)).toBe('$1.25');
    expect(money(1_200)).toBe('$0.0012');
    expect(money(0)).toBe('$0.00');
  });

  it('makes slugs', () => expect(slugOf('  Ärger & Söhne GmbH! ')).toBe('arger-sohne-gmbh'));
});

describe('problems', () => {
  it('prefers our sentence, then the fault, then the API’s own', () => {
    expect(sentenceOf({ status: 401, code: 'invalid_credentials', detail: 'x' })).toContain('e-mail address or the password');
    expect(sentenceOf({ status: 422, code: 'invalid', detail: 'x', errors: [{ pointer: '/a', code: 'c', message: 'A is wrong.' }] })).toBe('A is wrong.');
    expect(sentenceOf({ status: 409, code: 'slug_taken', detail: 'The slug is taken.' })).toBe('The slug is taken.');
  });

  it('never shows what an exception says', () => {
    expect(sentenceOf(new TypeError('Failed to fetch'))).not.toContain('fetch');
    expect(sentenceOf(new Error('undefined is not a function'))).not.toContain('function');
    expect(sentenceOf(undefined)).toBeTruthy();
  });

  it('finds the field of a pointer', () => expect(fieldOf('/tenant/slug')).toBe('tenant.slug'));
});

describe('addresses', () => {
  it('leave out what does not fit', () => {
    expect(search.runs({ status: 'nonsense', agent: 'a', limit: 3 })).toEqual({ agent: 'a' });
    expect(search.run({ view: 'timeline', step: 'fetch' })).toEqual({ view: 'timeline', step: 'fetch' });
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', 7])('never lead elsewhere after a sign-in: %s', (next) =>
    expect(search.login({ next })).toEqual({}));
});

describe('permissions', () => {
  it.each([
    [['*'], 'runs:write', true],
    [['runs:*'], 'runs:write', true],
    [['runs:read'], 'runs:write', false],
    [['runs:read'], 'runs:read', true],
  ])('%j covers %s: %s', (granted, wanted, expected) => expect(covers(granted, wanted)).toBe(expected));
});

describe('CSV', () => {
  it('quotes what needs it and keeps formulas texts', () => {
    expect(
      csv(
        [
          { a: 'x,"y"', b: '=cmd()' },
          { a: null, b: { c: 1 } },
        ] as { a: unknown; b: unknown }[],
        ['a', 'b'],
      ),
    ).toBe('a,b\r\n"x,""y""",\'=cmd()\r\n,"{""c"":1}"');
  });
});

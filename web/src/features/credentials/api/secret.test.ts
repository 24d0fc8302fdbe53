import { describe, expect, it } from 'vitest';
import { hostsOf, isOpen, partsOf } from './secret';

describe('a secret', () => {
  it('has the parts that its kind needs', () => {
    expect(partsOf('basic')).toEqual(['username', 'password']);
    expect(partsOf('api_key', true)).toEqual(['api_key', 'base_url']);
  });

  it('hides what others may not see', () => expect(['api_key', 'token', 'password', 'client_secret'].some(isOpen)).toBe(false));
});

it('hosts are separated by commas, spaces or lines', () =>
  expect(hostsOf(' a.example,\n*.b.example  c.example ')).toEqual(['a.example', '*.b.example', 'c.example']));

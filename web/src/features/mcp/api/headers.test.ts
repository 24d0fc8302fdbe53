import { expect, it } from 'vitest';
import { headersOf } from './headers';

it('headers stand one in a line, and may hold colons', () =>
  expect(headersOf(' X-Team: a \n\nX-Url:https://a.example/\n')).toEqual({ headers: { 'X-Team': 'a', 'X-Url': 'https://a.example/' } }));

it.each(['X-Team', 'X-Team:', ': a', 'X Team: a'])('%j is no header', (line) => expect(headersOf(`Ok: 1\n${line}`)).toEqual({ bad: line.trim() }));

import { json } from '~/lib/format';
import type { Graph } from '~/lib/graph';
import { functions } from './functions';

/** What an expression of a node can read, with the values that they had last. */
export type Scope = Readonly<Record<string, unknown>>;

/** value: a text that may be an expression or a template. condition: always an expression. */
export type Mode = 'value' | 'condition';

export interface Suggestion {
  label: string;
  /** What is put there, where that is more than the label. */
  apply: string;
  detail: string;
  info?: string;
  kind: 'name' | 'function';
}

/** All nodes from which one comes to this one, fallbacks included. */
export function ancestors(graph: Graph, id: string): string[] {
  const links = [
    ...graph.edges.map(({ from, to }) => ({ from, to })),
    ...graph.nodes.flatMap(({ id: from, on_error }) =>
      typeof on_error === 'object' && on_error !== null && 'goto' in on_error ? [{ from, to: String(on_error.goto) }] : [],
    ),
  ];
  const [found, open] = [new Set<string>(), [id]];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { from } of links.filter((link) => link.to === at)) {
      if (from !== id && !found.has(from)) {
        found.add(from);
        open.push(from);
      }
    }
  }
  return graph.nodes.map((node) => node.id).filter((node) => found.has(node));
}

export const isExpression = (text: string, mode: Mode) => mode === 'condition' || (text.startsWith('=') && !text.startsWith('=='));

export const isTemplate = (text: string, mode: Mode) => mode === 'value' && !text.startsWith('=') && text.includes('{{');

/** The expression that the cursor is in, up to the cursor; null where what stands there is plain text. */
export function expressionBefore(text: string, at: number, mode: Mode): string | null {
  const before = text.slice(0, at);
  if (isExpression(text, mode)) {
    return before.replace(/^=/, '');
  }
  const open = before.lastIndexOf('{{');
  return mode === 'value' && open >= 0 && !before.slice(open).includes('}}') ? before.slice(open + 2).replace(/^[{#/^~\s]+/, '') : null;
}

const path = String.raw`(?:@|[A-Za-z_]\w*|"(?:[^"\\]|\\.)*")(?:\.(?:[A-Za-z_]\w*|"(?:[^"\\]|\\.)*"|\*)|\[[^\[\]]*\])*`;
const pathBefore = new RegExp(`(${path})$`);
const pathBeforeFilter = new RegExp(`(${path})\\[\\?$`);
const pathBeforeReference = new RegExp(`(${path})\\s*,\\s*&$`);

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a path. Of a projection the first element speaks for all. */
export function valueAt(scope: Scope, text: string, current?: unknown): unknown {
  let value: unknown = scope;
  let isFirst = true;
  for (const [part] of text.matchAll(/@|"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|\*|\[[^[\]]*\]/g)) {
    if (part === '@') {
      value = current;
    } else if (part.startsWith('[')) {
      const index = Number(part.slice(1, -1));
      value = Array.isArray(value) ? value.at(part !== '[]' && Number.isInteger(index) ? index : 0) : undefined;
    } else if (part === '*') {
      value = isRecord(value) ? Object.values(value)[0] : undefined;
    } else {
      const name = part.startsWith('"') ? (JSON.parse(part) as string) : part;
      const from = isFirst && isRecord(current) && name in current ? current : Array.isArray(value) ? value[0] : value;
      value = isRecord(from) && Object.hasOwn(from, name) ? from[name] : undefined;
    }
    isFirst = false;
  }
  return value;
}

/** Where a filter or a reference is open, the element that its names are of. */
function elementAt(scope: Scope, before: string): { element: unknown; isInside: boolean } {
  let depth = 0;
  for (let i = before.length - 1; i >= 0; i--) {
    depth += before[i] === ']' ? 1 : before[i] === '[' ? -1 : 0;
    if (depth < 0) {
      const filtered = pathBeforeFilter.exec(before.slice(0, i + 2));
      return { element: filtered ? first(valueAt(scope, filtered[1] ?? '')) : undefined, isInside: filtered !== null };
    }
  }
  const referred = /^(.*,\s*&)[\w.]*$/s.exec(before);
  const array = referred && pathBeforeReference.exec(referred[1] ?? '');
  return { element: array ? first(valueAt(scope, array[1] ?? '')) : undefined, isInside: Boolean(array) };
}

const first = (value: unknown) => (Array.isArray(value) ? value[0] : value);

const inQuotes = (text: string) => ["'", '`'].some((mark) => (text.split(mark).length - 1) % 2 === 1);

export function brief(value: unknown): string {
  const text = value === undefined ? '' : (JSON.stringify(value) ?? '');
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

const members = (value: unknown): Suggestion[] =>
  isRecord(value)
    ? Object.keys(value)
        .slice(0, 200)
        .map((name) => ({ label: name, apply: /^[A-Za-z_]\w*$/.test(name) ? name : json(name), detail: brief(value[name]), kind: 'name' }))
    : [];

const callable: readonly Suggestion[] = Object.entries(functions).map(([name, [signature, info]]) => ({
  label: name,
  apply: `${name}(`,
  detail: signature.slice(name.length),
  info,
  kind: 'function',
}));

/** What can stand at the end of an expression, and how many characters of it are there already. */
export function complete(before: string, scope: Scope): { typed: number; suggestions: Suggestion[] } | null {
  if (inQuotes(before)) {
    return null;
  }
  const [partial = ''] = /(?:[A-Za-z_]\w*)?$/.exec(before) ?? [];
  const rest = before.slice(0, before.length - partial.length);
  const { element, isInside } = elementAt(scope, rest);
  if (rest.endsWith('.')) {
    const told = pathBefore.exec(rest.slice(0, -1));
    const suggestions = told ? members(first(valueAt(scope, told[1] ?? '', element))) : [];
    return suggestions.length > 0 ? { typed: partial.length, suggestions } : null;
  }
  if (/[\w)\]"]\s*$/.test(rest) && !/\s$/.test(rest)) {
    return null;
  }
  const names = isInside ? members(element) : members(scope);
  return { typed: partial.length, suggestions: [...names, ...callable] };
}

/** The function whose arguments are being written. */
export function callAt(before: string): readonly [string, string] | null {
  let depth = 0;
  for (let i = before.length - 1; i >= 0; i--) {
    depth += before[i] === ')' ? 1 : before[i] === '(' ? -1 : 0;
    if (depth < 0) {
      const [name = ''] = /[a-z_]+$/.exec(before.slice(0, i)) ?? [];
      return functions[name] ?? null;
    }
  }
  return null;
}

/** The part of the scope that a text names: what its value depends on. */
export function needed(text: string, scope: Scope): Scope {
  const words = new Set(text.match(/[A-Za-z_]\w*/g));
  return Object.fromEntries(Object.entries(scope).filter(([name]) => words.has(name)));
}

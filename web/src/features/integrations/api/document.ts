import { parse } from 'yaml';

/** An OpenAPI document as somebody pastes it; null when it is neither JSON nor YAML, or no object. JSON is YAML too, but read faster as itself. */
export function readDocument(text: string): Record<string, unknown> | null {
  const read = (parser: (text: string) => unknown) => {
    try {
      return parser(text);
    } catch {
      return undefined;
    }
  };
  const value = read(JSON.parse) ?? read((yaml) => parse(yaml, { maxAliasCount: 100 }));
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}

/** What a document calls itself. */
export function titleOf(document: Record<string, unknown>): string {
  const info = document.info as { title?: unknown } | undefined;
  return typeof info?.title === 'string' ? info.title : '';
}

import { parseDocument } from 'yaml';

/** The definition under another name; everything else stays as it is written. */
export function renamed(text: string, slug: string, name: string): string {
  const document = parseDocument(text);
  document.set('slug', slug);
  document.set('name', name);
  return document.toString({ lineWidth: 0 });
}

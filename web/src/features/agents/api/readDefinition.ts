import { isMap, parseDocument } from 'yaml';
import { strings } from '~/lib/strings';

const t = strings.agents;

/** The slug that a definition names, or the sentence that says what is wrong with its text. */
export function readDefinition(text: string): { slug: string } | { problem: string } {
  const document = parseDocument(text, { prettyErrors: false });
  const [fault] = document.errors;
  if (fault) {
    return { problem: t.yamlBroken(text.slice(0, fault.pos[0]).split('\n').length, fault.message) };
  }
  const slug = isMap(document.contents) ? document.contents.get('slug') : undefined;
  return typeof slug === 'string' && slug !== '' ? { slug } : { problem: t.yamlNeeds };
}

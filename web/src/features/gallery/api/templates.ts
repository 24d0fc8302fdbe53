import { parse, parseDocument } from 'yaml';
import { type Graph, readGraph } from '~/lib/graph';

export interface Template {
  slug: string;
  name: string;
  description: string;
  /** One of `strings.gallery.kinds`, from the comment at the head of the file. */
  kind: string;
  tags: string[];
  /** The definition as the API takes it. */
  text: string;
  graph: Graph;
  sample: unknown;
  steps: number;
  asksModel: boolean;
}

interface Definition {
  slug: string;
  name: string;
  description: string;
  tags?: string[];
  graph: unknown;
  input_schema?: { examples?: unknown[] };
}

const everyNode = (graph: Graph): Graph['nodes'] =>
  graph.nodes.flatMap((node) => {
    const body = (node.with?.body ?? node.body) as Graph | undefined;
    return body ? [node, ...everyNode(readGraph(body))] : [node];
  });

export function readTemplate(file: string): Template {
  const definition = parse(file) as Definition;
  const graph = readGraph(definition.graph);
  const nodes = everyNode(graph);
  return {
    slug: definition.slug,
    name: definition.name,
    description: definition.description,
    kind: /^# gallery: (\w+)/.exec(file)?.[1] ?? '',
    tags: definition.tags ?? [],
    text: file.replace(/^# gallery:.*\n/, ''),
    graph,
    sample: definition.input_schema?.examples?.[0],
    steps: nodes.length,
    asksModel: nodes.some((node) => node.skill.startsWith('llm')),
  };
}

/** The definition under another name; everything else stays as it is written. */
export function renamed(text: string, slug: string, name: string): string {
  const document = parseDocument(text);
  document.set('slug', slug);
  document.set('name', name);
  return document.toString({ lineWidth: 0 });
}

const files = import.meta.glob<string>('../templates/*.yaml', { query: '?raw', import: 'default', eager: true });

export const templates: readonly Template[] = Object.values(files)
  .map(readTemplate)
  .sort((a, b) => a.name.localeCompare(b.name));

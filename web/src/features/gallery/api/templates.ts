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

interface File {
  text: string;
  definition: Definition;
}

function readTemplate({ text, definition }: File): Template {
  const graph = readGraph(definition.graph);
  const nodes = everyNode(graph);
  return {
    slug: definition.slug,
    name: definition.name,
    description: definition.description,
    kind: /^# gallery: (\w+)/.exec(text)?.[1] ?? '',
    tags: definition.tags ?? [],
    text: text.replace(/^# gallery:.*\n/, ''),
    graph,
    sample: definition.input_schema?.examples?.[0],
    steps: nodes.length,
    asksModel: nodes.some((node) => node.skill.startsWith('llm')),
  };
}

// Read when the app is built (vite.config.ts): the page needs no reader of YAML for them.
const files = import.meta.glob<File>('../templates/*.yaml', { import: 'default', eager: true });

export const templates: readonly Template[] = Object.values(files)
  .map(readTemplate)
  .sort((a, b) => a.name.localeCompare(b.name));

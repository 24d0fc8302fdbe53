import { useState } from 'react';
import { parse, stringify } from 'yaml';
import { CodeEditor } from '~/components/CodeEditor';
import { type Graph, readGraph } from '~/lib/graph';
import { strings } from '~/lib/strings';

const t = strings.builder;

const write = (graph: Graph) => stringify(graph, { lineWidth: 120 });

/** The same document as text. What is typed stays as it is typed for as long as it means the same. */
export function YamlPane({ graph, readOnly, onChange }: { graph: Graph; readOnly: boolean; onChange: (graph: Graph, merge: string) => void }) {
  const [typed, setTyped] = useState<{ text: string; graph: Graph } | null>(null);
  const [isBad, setIsBad] = useState(false);
  const isOwn = typed && (isBad || typed.graph === graph);
  return (
    <CodeEditor
      label={t.yaml}
      language="yaml"
      height="calc(100vh - 260px)"
      readOnly={readOnly}
      value={isOwn ? typed.text : write(graph)}
      error={isBad ? t.yamlBroken : null}
      onChange={(text) => {
        try {
          const next = readGraph(parse(text));
          setTyped({ text, graph: next });
          setIsBad(false);
          onChange(next, 'yaml');
        } catch {
          setTyped({ text, graph });
          setIsBad(true);
        }
      }}
    />
  );
}

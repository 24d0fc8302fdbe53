import { useQuery } from '@tanstack/react-query';
import { type Edge, MarkerType } from '@xyflow/react';
import { useMemo } from 'react';
import type { CardNode } from '~/components/graph/GraphNodeCard';
import { arrange, nodeHeight, nodeWidth } from '~/components/graph/layout';
import { StaticCanvas } from '~/components/graph/StaticCanvas';
import { Loading } from '~/components/states';
import { edgeLabel, skillSlug } from '~/lib/graph';
import { strings } from '~/lib/strings';
import type { Compared } from '../api/diff';
import classes from './Builder.module.css';

const t = strings.builder;
const edgeStyles = {
  added: { stroke: 'var(--state-succeeded)', strokeWidth: 2.5 },
  removed: { stroke: 'var(--state-failed)', strokeWidth: 2, strokeDasharray: '6 4' },
  changed: undefined,
};

interface DiffCanvasProps {
  compared: Compared;
  /** What names the same layout again. */
  layoutKey: string;
  selected: string | undefined;
  onSelect: (id: string) => void;
}

/** Two versions on one canvas: what came is green and has a plus, what went is red and dashed, what changed is amber with a double line. */
export function DiffCanvas({ compared, layoutKey, selected, onSelect }: DiffCanvasProps) {
  const { graph } = compared;
  const layout = useQuery({ queryKey: ['layout', layoutKey], staleTime: Number.POSITIVE_INFINITY, queryFn: () => arrange(graph, 'RIGHT') });
  const nodes = useMemo(
    () =>
      graph.nodes.map((node): CardNode => {
        const change = compared.nodes.get(node.id);
        return {
          id: node.id,
          type: 'card',
          position: layout.data?.[node.id] ?? { x: 0, y: 0 },
          width: nodeWidth,
          height: nodeHeight,
          selected: node.id === selected,
          ariaLabel: `${node.id}: ${change ? t.changes[change] : t.unchanged}`,
          data: { title: node.name ?? node.id, detail: change ? `${t.changes[change]} · ${skillSlug(node.skill)}` : skillSlug(node.skill), change },
        };
      }),
    [graph, compared, layout.data, selected],
  );
  const edges = useMemo(
    () =>
      graph.edges.map((edge, i): Edge => {
        const change = compared.edges[i];
        const label = [change && { added: '+', removed: '−', changed: '~' }[change], edgeLabel(edge)].filter(Boolean).join(' ');
        return {
          id: String(i),
          source: edge.from,
          target: edge.to,
          label: label || undefined,
          style: change && edgeStyles[change],
          markerEnd: { type: MarkerType.ArrowClosed },
        };
      }),
    [graph, compared],
  );
  if (!layout.data) {
    return <Loading lines={8} />;
  }
  return <StaticCanvas nodes={nodes} edges={edges} label={t.diffCanvas} onSelect={onSelect} className={classes.canvas} />;
}

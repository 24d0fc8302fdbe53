import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type Edge, MarkerType } from '@xyflow/react';
import { useMemo } from 'react';
import { edgeLabel, type Graph, placesOf, skillSlug } from '~/lib/graph';
import { Loading } from '../states';
import type { CardNode } from './GraphNodeCard';
import { arrange, nodeHeight, nodeWidth } from './layout';
import { StaticCanvas } from './StaticCanvas';

interface GraphViewProps {
  graph: Graph;
  /** What names the same layout again. */
  layoutKey: string;
  height: number | string;
  statusOf?: (id: string) => { status?: string; detail?: string };
  selected?: string;
  onSelect?: (id: string) => void;
  label: string;
}

/** A graph to look at: as its author arranged it, or laid out by itself; moved and zoomed, never changed. */
export default function GraphView({ graph, layoutKey, height, statusOf, selected, onSelect, label }: GraphViewProps) {
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const own = useMemo(() => (narrow ? null : placesOf(graph)), [graph, narrow]);
  const layout = useQuery({
    queryKey: ['layout', layoutKey, narrow],
    enabled: own === null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => arrange(graph, narrow ? 'DOWN' : 'RIGHT'),
  });
  const places = own ?? layout.data;
  const nodes = useMemo(
    () =>
      graph.nodes.map((node): CardNode => {
        const state = statusOf?.(node.id);
        return {
          id: node.id,
          type: 'card',
          position: places?.[node.id] ?? { x: 0, y: 0 },
          width: nodeWidth,
          height: nodeHeight,
          selected: node.id === selected,
          ariaLabel: `${node.id}: ${state?.status ?? skillSlug(node.skill)}`,
          data: { title: node.name ?? node.id, detail: state?.detail ?? skillSlug(node.skill), status: state?.status, vertical: narrow },
        };
      }),
    [graph, places, statusOf, selected, narrow],
  );
  const edges = useMemo(
    () =>
      graph.edges.map((edge): Edge => {
        const taken = statusOf?.(edge.to).status;
        const dead = taken === 'skipped' || statusOf?.(edge.from).status === 'skipped';
        return {
          id: `${edge.from}-${edge.to}-${edge.case ?? ''}`,
          source: edge.from,
          target: edge.to,
          label: edgeLabel(edge),
          animated: taken === 'running',
          markerEnd: { type: MarkerType.ArrowClosed },
          style: dead ? { opacity: 0.35 } : undefined,
        };
      }),
    [graph, statusOf],
  );
  if (!places) {
    return <Loading lines={6} />;
  }
  return <StaticCanvas nodes={nodes} edges={edges} label={label} onSelect={onSelect} inPage style={{ height }} />;
}

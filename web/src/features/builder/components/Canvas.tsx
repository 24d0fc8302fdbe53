import '@xyflow/react/dist/style.css';
import { useComputedColorScheme } from '@mantine/core';
import {
  Background,
  type Connection,
  Controls,
  type Edge,
  MarkerType,
  MiniMap,
  type NodeChange,
  ReactFlow,
  useEdgesState,
  useNodesState,
  useReactFlow,
} from '@xyflow/react';
import { type DragEvent, useCallback, useEffect, useMemo } from 'react';
import { type CardNode, GraphNodeCard } from '~/components/graph/GraphNodeCard';
import { nodeHeight, nodeWidth } from '~/components/graph/layout';
import { edgeLabel, type Graph, skillSlug } from '~/lib/graph';
import { strings } from '~/lib/strings';
import { edgeKey, type PlacedFault, type Point } from '../api/document';
import classes from './Builder.module.css';
import { dragType } from './Palette';

const t = strings.builder;
const types = { card: GraphNodeCard };

interface CanvasProps {
  graph: Graph;
  problems: readonly PlacedFault[];
  chosen: ReadonlySet<string>;
  editable: boolean;
  onChoose: (ids: ReadonlySet<string>) => void;
  onMove: (places: Record<string, Point>) => void;
  onConnect: (from: string, to: string) => void;
  onRemove: (nodes: ReadonlySet<string>, edges: ReadonlySet<string>) => void;
  onDrop: (skill: string, at: Point) => void;
}

/** The graph as one works on it. React Flow moves nodes by itself while one drags; the document hears of it when one lets go. */
export function Canvas({ graph, problems, chosen, editable, onChoose, onMove, onConnect, onRemove, onDrop }: CanvasProps) {
  const scheme = useComputedColorScheme('light');
  const flow = useReactFlow();
  const [nodes, setNodes, changeNodes] = useNodesState<CardNode>([]);
  const [edges, setEdges, changeEdges] = useEdgesState<Edge>([]);
  const faultOf = useMemo(() => new Map(problems.map((fault) => [fault.node, fault.message])), [problems]);

  useEffect(() => {
    setNodes((former) => {
      const known = new Map(former.map((node) => [node.id, node]));
      return graph.nodes.map((node): CardNode => {
        const before = known.get(node.id);
        const problem = faultOf.get(node.id);
        const data = { title: node.name ?? node.id, detail: skillSlug(node.skill), problem };
        const same = before && before.data.title === data.title && before.data.detail === data.detail && before.data.problem === problem;
        return {
          ...before,
          id: node.id,
          type: 'card',
          width: nodeWidth,
          height: nodeHeight,
          position: node.position ?? before?.position ?? { x: 0, y: 0 },
          selected: chosen.has(node.id),
          ariaLabel: `${node.id}: ${problem ?? data.detail}`,
          data: same ? before.data : data,
        };
      });
    });
  }, [graph, faultOf, chosen, setNodes]);

  useEffect(() => {
    setEdges((former) => {
      const known = new Map(former.map((edge) => [edge.id, edge]));
      return graph.edges.map((edge) => ({
        id: edgeKey(edge),
        source: edge.from,
        target: edge.to,
        label: edgeLabel(edge),
        selected: known.get(edgeKey(edge))?.selected,
        ariaLabel: `${edge.from} → ${edge.to}`,
        markerEnd: { type: MarkerType.ArrowClosed },
      }));
    });
  }, [graph, setEdges]);

  // Who is chosen is the page's to say: what React Flow selects is told there and comes back.
  const apply = (changes: NodeChange<CardNode>[]) => {
    changeNodes(changes.filter((change) => change.type !== 'select' && change.type !== 'remove'));
    const selections = changes.filter((change) => change.type === 'select');
    if (selections.length > 0) {
      const next = new Set([...chosen].filter((id) => graph.nodes.some((node) => node.id === id)));
      for (const { id, selected } of selections) {
        if (selected) {
          next.add(id);
        } else {
          next.delete(id);
        }
      }
      onChoose(next);
    }
  };

  const drop = useCallback(
    (event: DragEvent) => {
      const skill = event.dataTransfer.getData(dragType);
      if (skill) {
        event.preventDefault();
        const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        onDrop(skill, { x: x - nodeWidth / 2, y: y - nodeHeight / 2 });
      }
    },
    [flow, onDrop],
  );

  return (
    <section className={classes.canvas} aria-label={t.canvas}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={types}
        colorMode={scheme}
        onNodesChange={apply}
        onEdgesChange={changeEdges}
        onNodeDragStop={(_, __, moved) => onMove(Object.fromEntries(moved.map((node) => [node.id, node.position])))}
        onSelectionDragStop={(_, moved) => onMove(Object.fromEntries(moved.map((node) => [node.id, node.position])))}
        onConnect={({ source, target }: Connection) => onConnect(source, target)}
        onBeforeDelete={({ nodes: gone, edges: cut }) => {
          onRemove(new Set(gone.map((node) => node.id)), new Set(cut.map((edge) => edge.id)));
          return Promise.resolve(false);
        }}
        onDrop={drop}
        onDragOver={(event) => event.preventDefault()}
        deleteKeyCode={editable ? ['Delete', 'Backspace'] : null}
        nodesDraggable={editable}
        nodesConnectable={editable}
        onlyRenderVisibleElements={graph.nodes.length > 100}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.15 }}
        minZoom={0.1}
        proOptions={{ hideAttribution: true }}
      >
        <Background />
        <Controls showInteractive={false} />
        {graph.nodes.length > 8 && <MiniMap pannable zoomable ariaLabel={null} />}
      </ReactFlow>
      {graph.nodes.length === 0 && <div className={classes.hint}>{t.emptyCanvas}</div>}
    </section>
  );
}

import '@xyflow/react/dist/style.css';
import { useComputedColorScheme } from '@mantine/core';
import { useCallbackRef } from '@mantine/hooks';
import { Controls, type Edge, type NodeChange, ReactFlow, useReactFlow, useStore } from '@xyflow/react';
import { type CSSProperties, type RefObject, useEffect, useMemo, useRef } from 'react';
import { type CardNode, GraphNodeCard } from './GraphNodeCard';
import { Surface } from './Surface';

const types = { card: GraphNodeCard };
const view = { maxZoom: 1, padding: 0.1 };
const pro = { hideAttribution: true };

interface StaticCanvasProps {
  nodes: CardNode[];
  edges: Edge[];
  label: string;
  /** Without it, nothing can be chosen. */
  onSelect?: (id: string) => void;
  /** The wheel scrolls the page that the canvas stands in, instead of zooming. */
  inPage?: boolean;
  className?: string;
  style?: CSSProperties;
}

/** Nodes and edges to look at: moved and zoomed, never changed. */
export function StaticCanvas({ nodes, edges, label, onSelect, inPage = false, className, style }: StaticCanvasProps) {
  const scheme = useComputedColorScheme('light');
  const isMoved = useRef(false);
  const move = useCallbackRef((event: unknown = true) => {
    isMoved.current ||= event !== null;
  });
  // What cannot be chosen has no role of its own, and without one a name means nothing.
  const named = useMemo(() => (onSelect ? nodes : nodes.map((node) => ({ ...node, ariaRole: 'group' as const }))), [nodes, onSelect]);
  const pick = useCallbackRef((changes: NodeChange[]) => {
    const picked = changes.find((change) => change.type === 'select' && change.selected);
    if (picked?.type === 'select' && !nodes.find((node) => node.id === picked.id)?.selected) {
      onSelect?.(picked.id);
    }
  });
  return (
    <section className={className} style={style} aria-label={label}>
      <ReactFlow
        nodes={named}
        edges={edges}
        nodeTypes={types}
        colorMode={scheme}
        fitView
        fitViewOptions={view}
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={onSelect !== undefined}
        nodesFocusable={onSelect !== undefined}
        edgesFocusable={false}
        deleteKeyCode={null}
        zoomOnScroll={!inPage}
        preventScrolling={!inPage}
        onNodesChange={pick}
        onMoveStart={move}
        proOptions={pro}
      >
        <Surface />
        <StaysFitted isMoved={isMoved} />
        <Controls
          showInteractive={false}
          onZoomIn={() => move()}
          onZoomOut={() => move()}
          onFitView={() => {
            isMoved.current = false;
          }}
        />
      </ReactFlow>
    </section>
  );
}

/** All of the graph stays in view when the room for it changes, until somebody looks at a part of it. */
function StaysFitted({ isMoved }: { isMoved: RefObject<boolean> }) {
  const { fitView } = useReactFlow();
  const [width, height] = [useStore((state) => state.width), useStore((state) => state.height)];
  useEffect(() => {
    if (width > 0 && height > 0 && !isMoved.current) {
      void fitView(view);
    }
  }, [width, height, isMoved, fitView]);
  return null;
}

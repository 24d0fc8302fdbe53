import '@xyflow/react/dist/style.css';
import { useComputedColorScheme } from '@mantine/core';
import { useCallbackRef } from '@mantine/hooks';
import {
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
import { type DragEvent, useEffect, useMemo, useRef } from 'react';
import { type CardData, type CardNode, GraphNodeCard } from '~/components/graph/GraphNodeCard';
import { nodeHeight, nodeWidth } from '~/components/graph/layout';
import { Surface } from '~/components/graph/Surface';
import { edgeLabel, type Graph, skillSlug } from '~/lib/graph';
import { strings } from '~/lib/strings';
import { edgeKey, type PlacedFault, type Point } from '../api/document';
import { boxOf, framesOf, removeFrame, titleFrame } from '../api/frames';
import classes from './Builder.module.css';
import { type FrameData, FrameNode, type FrameNodeType } from './FrameNode';
import { dragType } from './Palette';
import { isTyping } from './useBuilderKeys';

const t = strings.builder;
const types = { card: GraphNodeCard, frame: FrameNode };
const view = { maxZoom: 1, padding: 0.15 };
const pro = { hideAttribution: true };

type CanvasNode = CardNode | FrameNodeType;

const frameId = (at: number) => `frame:${at}`;
const isFrame = (node: CanvasNode): node is FrameNodeType => node.type === 'frame';

interface CanvasProps {
  graph: Graph;
  problems: readonly PlacedFault[];
  chosen: ReadonlySet<string>;
  /** Of the test that runs or ran last, by node. */
  states: ReadonlyMap<string, string>;
  pinned: Readonly<Record<string, unknown>>;
  editable: boolean;
  onChoose: (ids: ReadonlySet<string>) => void;
  onMove: (places: Record<string, Point>, merge?: string) => void;
  onConnect: (from: string, to: string) => void;
  onRemove: (nodes: ReadonlySet<string>, edges: ReadonlySet<string>) => void;
  onDrop: (skill: string, at: Point) => void;
  onFrames: (change: (graph: Graph) => Graph, merge?: string) => void;
}

const alike = (a: CardData, b: CardData) =>
  a.title === b.title && a.detail === b.detail && a.problem === b.problem && a.status === b.status && a.pinned === b.pinned;

/** Where a key means something else than the canvas: in a field, or in a dialog over it. */
const isElsewhere = (target: EventTarget | null) => isTyping(target) || (target instanceof Element && target.closest('[role=dialog]') !== null);

const placesOf = (moved: readonly CanvasNode[]) => Object.fromEntries(moved.map((node) => [node.id, node.position]));

/** Frames lie under the cards, where those are. */
const framed = (graph: Graph, cards: readonly CardNode[], titling: Pick<FrameData, 'onTitle' | 'onRemove'>): FrameNodeType[] =>
  framesOf(graph).flatMap((frame, at) => {
    const box = boxOf(frame, (id) => cards.find((card) => card.id === id)?.position);
    return box === null
      ? []
      : [
          {
            id: frameId(at),
            type: 'frame',
            position: { x: box.x, y: box.y },
            width: box.width,
            height: box.height,
            zIndex: -1,
            selectable: false,
            focusable: false,
            connectable: false,
            deletable: false,
            data: { at, title: frame.title ?? '', ...titling },
          },
        ];
  });

/** The graph as one works on it. React Flow moves nodes by itself while one drags; the document hears of it when one lets go. */
export function Canvas({ graph, problems, chosen, states, pinned, editable, onChoose, onMove, onConnect, onRemove, onDrop, onFrames }: CanvasProps) {
  const scheme = useComputedColorScheme('light');
  const flow = useReactFlow();
  const section = useRef<HTMLElement>(null);
  const isDragging = useRef(false);
  const [nodes, setNodes, changeNodes] = useNodesState<CanvasNode>([]);
  const [edges, setEdges, changeEdges] = useEdgesState<Edge>([]);
  const faultOf = useMemo(() => new Map(problems.map((fault) => [fault.node, fault.message])), [problems]);

  const titling = useMemo(
    () => ({
      onTitle: editable ? (at: number, title: string) => onFrames((told) => titleFrame(told, at, title), `frame.${at}`) : null,
      onRemove: editable ? (at: number) => onFrames((told) => removeFrame(told, at)) : null,
    }),
    [editable, onFrames],
  );

  useEffect(() => {
    setNodes((former) => {
      const known = new Map(former.filter((node) => !isFrame(node)).map((node) => [node.id, node as CardNode]));
      const cards = graph.nodes.map((node): CardNode => {
        const before = known.get(node.id);
        const problem = faultOf.get(node.id);
        const data = {
          title: node.name ?? node.id,
          detail: skillSlug(node.skill),
          problem,
          status: states.get(node.id),
          pinned: Object.hasOwn(pinned, node.id),
        };
        const same = before && alike(before.data, data);
        const position = node.position ?? before?.position ?? { x: 0, y: 0 };
        const selected = chosen.has(node.id);
        if (same && before.selected === selected && before.position.x === position.x && before.position.y === position.y) {
          // The same object: of two hundred nodes only the one that changed is drawn again.
          return before;
        }
        return {
          ...before,
          id: node.id,
          type: 'card',
          width: nodeWidth,
          height: nodeHeight,
          position,
          selected,
          ariaLabel: `${node.id}: ${problem ?? data.detail}`,
          data: same ? before.data : data,
        };
      });
      return [...framed(graph, cards, titling), ...cards];
    });
  }, [graph, faultOf, chosen, states, pinned, titling, setNodes]);

  const links = graph.edges;
  useEffect(() => {
    setEdges((former) => {
      const known = new Map(former.map((edge) => [edge.id, edge]));
      return links.map((edge) => {
        const [id, label] = [edgeKey(edge), edgeLabel(edge)];
        const before = known.get(id);
        return before && before.label === label
          ? before
          : {
              id,
              source: edge.from,
              target: edge.to,
              label,
              selected: before?.selected,
              ariaLabel: `${edge.from} → ${edge.to}`,
              markerEnd: { type: MarkerType.ArrowClosed },
            };
      });
    });
  }, [links, setEdges]);

  // Who is chosen is the page's to say: what React Flow selects is told there and comes back.
  const apply = useCallbackRef((changes: NodeChange<CanvasNode>[]) => {
    changeNodes(changes.filter((change) => change.type !== 'select' && change.type !== 'remove'));
    // Arrow keys move without a drag, one small step after the other.
    const steps = isDragging.current
      ? []
      : changes.flatMap((change) => (change.type === 'position' && change.position ? [[change.id, change.position] as const] : []));
    if (steps.length > 0) {
      onMove(Object.fromEntries(steps), 'move');
    }
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
  });

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const [gone, cut] = [[...chosen], edges.filter((edge) => edge.selected).map((edge) => edge.id)];
      if (editable && (event.key === 'Delete' || event.key === 'Backspace') && !isElsewhere(event.target) && gone.length + cut.length > 0) {
        event.preventDefault();
        onRemove(new Set(gone), new Set(cut));
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [chosen, edges, editable, onRemove]);

  // Who drags a frame drags what is in it.
  const dragFrame = (moved: CanvasNode) => {
    const frame = isFrame(moved) ? framesOf(graph)[moved.data.at] : undefined;
    const box = frame && boxOf(frame, (id) => graph.nodes.find((node) => node.id === id)?.position);
    if (!frame || !box) {
      return null;
    }
    const [dx, dy] = [moved.position.x - box.x, moved.position.y - box.y];
    const places = graph.nodes
      .filter((node) => frame.nodes.includes(node.id) && node.position)
      .map(({ id, position }) => [id, { x: (position?.x ?? 0) + dx, y: (position?.y ?? 0) + dy }] as const);
    return Object.fromEntries(places);
  };

  // None of them is another function the next time: React Flow tells each of its nodes several times of every property that is.
  const events = {
    onNodeDrag: useCallbackRef((_: unknown, moved: CanvasNode) => {
      const places = dragFrame(moved);
      if (places) {
        setNodes((all) => all.map((node) => (places[node.id] ? { ...node, position: places[node.id] ?? node.position } : node)));
      }
    }),
    onNodeDragStart: useCallbackRef(() => {
      isDragging.current = true;
    }),
    onNodeDragStop: useCallbackRef((_: unknown, first: CanvasNode, moved: CanvasNode[]) => {
      isDragging.current = false;
      onMove(dragFrame(first) ?? placesOf(moved));
    }),
    onSelectionDragStart: useCallbackRef(() => {
      isDragging.current = true;
    }),
    onSelectionDragStop: useCallbackRef((_: unknown, moved: CanvasNode[]) => {
      isDragging.current = false;
      onMove(placesOf(moved));
    }),
    onConnect: useCallbackRef(({ source, target }: Connection) => onConnect(source, target)),
    onDrop: useCallbackRef((event: DragEvent) => {
      const skill = event.dataTransfer.getData(dragType);
      if (skill) {
        event.preventDefault();
        const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        onDrop(skill, { x: x - nodeWidth / 2, y: y - nodeHeight / 2 });
      }
    }),
    onMoveStart: useCallbackRef(() => section.current?.setAttribute('data-moving', '')),
    // Not with the first press, which may be a click on what lies under the shield.
    onMove: useCallbackRef((event: MouseEvent | TouchEvent | null) => event?.type === 'mousemove' && section.current?.setAttribute('data-moving', 'pan')),
    onMoveEnd: useCallbackRef(() => section.current?.removeAttribute('data-moving')),
  };

  return (
    <section ref={section} className={classes.canvas} aria-label={t.canvas}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={types}
        colorMode={scheme}
        onNodesChange={apply}
        onEdgesChange={changeEdges}
        {...events}
        onDragOver={(event) => event.preventDefault()}
        // React Flow's own keys lose count when a shortcut draws the page anew between a key's way down and up.
        deleteKeyCode={null}
        nodesDraggable={editable}
        nodesConnectable={editable}
        onlyRenderVisibleElements={graph.nodes.length > 500}
        fitView
        fitViewOptions={view}
        minZoom={0.1}
        proOptions={pro}
      >
        <Surface />
        <Controls showInteractive={false} />
        {graph.nodes.length > 8 && <MiniMap pannable zoomable ariaLabel={null} />}
      </ReactFlow>
      {graph.nodes.length === 0 && <div className={classes.hint}>{t.emptyCanvas}</div>}
    </section>
  );
}

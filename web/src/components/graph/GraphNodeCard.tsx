import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { lookOf } from '../StatusBadge';
import classes from './GraphNodeCard.module.css';

export interface CardData extends Record<string, unknown> {
  title: string;
  detail: string;
  /** A step's state; none while the graph is only shown or edited. */
  status?: string;
  problem?: string;
  vertical?: boolean;
}

export type CardNode = Node<CardData, 'card'>;

/** One node of a graph: its name, its skill, and what became of it. */
export const GraphNodeCard = memo(function GraphNodeCard({ data, selected }: NodeProps<CardNode>) {
  const look = data.status ? lookOf(data.status) : null;
  return (
    <div
      className={classes.node}
      data-tone={data.problem ? 'failed' : look?.tone}
      data-faded={data.status === 'skipped' || undefined}
      data-selected={selected || undefined}
      title={data.problem ?? undefined}
    >
      <Handle type="target" position={data.vertical ? Position.Top : Position.Left} />
      <div className={classes.title}>
        {look && <look.Icon size={15} aria-hidden />}
        <span>{data.title}</span>
      </div>
      <div className={`${classes.detail} ${data.problem ? classes.problem : ''}`}>
        {data.problem ?? (data.status ? `${data.status} · ${data.detail}` : data.detail)}
      </div>
      <Handle type="source" position={data.vertical ? Position.Bottom : Position.Right} />
    </div>
  );
});

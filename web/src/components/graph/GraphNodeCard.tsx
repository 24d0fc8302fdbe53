import { IconMinus, IconPencil, IconPin, IconPlus } from '@tabler/icons-react';
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
  /** In tests its output is given. */
  pinned?: boolean;
  /** Between two versions. */
  change?: Change;
}

export type Change = 'added' | 'removed' | 'changed';

const changeIcons = { added: IconPlus, removed: IconMinus, changed: IconPencil };

export type CardNode = Node<CardData, 'card'>;

/** One node of a graph: its name, its skill, and what became of it. */
export const GraphNodeCard = memo(function GraphNodeCard({ data, selected }: NodeProps<CardNode>) {
  const look = data.status ? lookOf(data.status) : null;
  const ChangeIcon = data.change && changeIcons[data.change];
  return (
    <div
      className={classes.node}
      data-tone={data.problem ? 'failed' : look?.tone}
      data-faded={data.status === 'skipped' || undefined}
      data-selected={selected || undefined}
      data-change={data.change}
      title={data.problem ?? undefined}
    >
      <Handle type="target" position={data.vertical ? Position.Top : Position.Left} />
      <div className={classes.title}>
        {look && <look.Icon size={15} aria-hidden />}
        {ChangeIcon && <ChangeIcon size={15} aria-hidden />}
        <span>{data.title}</span>
        {data.pinned && <IconPin size={14} aria-hidden />}
      </div>
      <div className={`${classes.detail} ${data.problem ? classes.problem : ''}`}>
        {data.problem ?? (data.status ? `${data.status} · ${data.detail}` : data.detail)}
      </div>
      <Handle type="source" position={data.vertical ? Position.Bottom : Position.Right} />
    </div>
  );
});

import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { Node, NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { strings } from '~/lib/strings';
import classes from './Builder.module.css';

const t = strings.builder;

export interface FrameData extends Record<string, unknown> {
  at: number;
  title: string;
  onTitle: ((at: number, title: string) => void) | null;
  onRemove: ((at: number) => void) | null;
}

export type FrameNodeType = Node<FrameData, 'frame'>;

/** A frame around nodes, with its title; who drags it drags what is in it. */
export const FrameNode = memo(function FrameNode({ data: { at, title, onTitle, onRemove } }: NodeProps<FrameNodeType>) {
  return (
    <div className={classes.frameBox}>
      <input
        className={`nodrag ${classes.frameTitle}`}
        value={title}
        maxLength={255}
        readOnly={!onTitle}
        aria-label={t.frameTitle}
        onChange={(event) => onTitle?.(at, event.currentTarget.value)}
        onKeyDown={(event) => event.stopPropagation()}
      />
      {onRemove && (
        <ActionIcon className="nodrag" size="sm" variant="subtle" color="gray" aria-label={t.removeFrame(title)} onClick={() => onRemove(at)}>
          <IconX size={14} />
        </ActionIcon>
      )}
    </div>
  );
});

import {
  IconAlertTriangle,
  IconArrowForwardUp,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconPlayerPause,
  IconProgress,
  type IconProps,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import classes from './StatusBadge.module.css';

export type Tone = 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'canceled';

interface Look {
  tone: Tone;
  Icon: ComponentType<IconProps>;
}

const looks: Record<string, Look> = {
  queued: { tone: 'queued', Icon: IconCircleDashed },
  running: { tone: 'running', Icon: IconProgress },
  waiting: { tone: 'waiting', Icon: IconClock },
  pending: { tone: 'waiting', Icon: IconClock },
  paused: { tone: 'waiting', Icon: IconPlayerPause },
  succeeded: { tone: 'succeeded', Icon: IconCircleCheck },
  active: { tone: 'succeeded', Icon: IconCircleCheck },
  approved: { tone: 'succeeded', Icon: IconCircleCheck },
  success: { tone: 'succeeded', Icon: IconCircleCheck },
  failed: { tone: 'failed', Icon: IconCircleX },
  rejected: { tone: 'failed', Icon: IconCircleX },
  denied: { tone: 'failed', Icon: IconBan },
  expired: { tone: 'canceled', Icon: IconAlertTriangle },
  canceled: { tone: 'canceled', Icon: IconBan },
  skipped: { tone: 'queued', Icon: IconArrowForwardUp },
};

export const lookOf = (status: string): Look => looks[status] ?? { tone: 'queued', Icon: IconCircleDashed };

/** A state by its colour, its shape and its word: none of them is needed to tell it. */
export function StatusBadge({ status, label }: { status: string; label?: string }) {
  const { tone, Icon } = lookOf(status);
  return (
    <span className={classes.badge} data-tone={tone}>
      <Icon size={14} aria-hidden />
      {label ?? status}
    </span>
  );
}

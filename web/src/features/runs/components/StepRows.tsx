import { VisuallyHidden } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { lookOf, StatusBadge } from '~/components/StatusBadge';
import { between, duration, money } from '~/lib/format';
import { strings } from '~/lib/strings';
import { useNow } from '~/lib/useNow';
import type { Step } from '../api/steps';
import classes from './Steps.module.css';

const t = strings.runs;

interface StepRowsProps {
  steps: Step[];
  selected: string | undefined;
  onSelect: (key: string) => void;
}

/** The rows that are on the screen, of however many: five thousand steps cost what fifty do. */
function Rows({
  steps,
  selected,
  onSelect,
  kind,
  label,
  children,
}: StepRowsProps & { kind: 'table' | 'timeline'; label: string; children: (step: Step) => React.ReactNode }) {
  const scroll = useRef<HTMLElement>(null);
  const rows = useVirtualizer({ count: steps.length, getScrollElement: () => scroll.current, estimateSize: () => 36, overscan: 12 });
  return (
    <section className={classes.scroll} ref={scroll} aria-label={label} tabIndex={-1}>
      <div className={classes.rows} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const step = steps[index];
          return step ? (
            <button
              key={step.key}
              type="button"
              className={`${classes.row} ${classes[kind]}`}
              style={{ transform: `translateY(${start}px)` }}
              aria-current={step.key === selected}
              onClick={() => onSelect(step.key)}
            >
              {children(step)}
            </button>
          ) : null;
        })}
      </div>
    </section>
  );
}

const nameOf = (step: Step) => step.key;

export function StepTable(props: StepRowsProps) {
  const now = useNow(1_000);
  return (
    <Rows {...props} kind="table" label={t.views.table}>
      {(step) => {
        const took = between(step.started_at, step.finished_at, now);
        return (
          <>
            <span className={classes.name}>{nameOf(step)}</span>
            <span>
              <StatusBadge status={step.status} />
            </span>
            <span className={`${classes.name} ${classes.wide}`}>{step.skill}</span>
            <span className={`${classes.number} ${classes.wide}`}>{step.attempt > 1 ? t.attemptsOf(step.attempt) : ''}</span>
            <span className={`${classes.number} ${classes.wide}`}>{step.cost > 0 ? money(step.cost) : ''}</span>
            <span className={classes.number}>{took === null ? strings.common.none : duration(took)}</span>
          </>
        );
      }}
    </Rows>
  );
}

interface TimelineProps extends StepRowsProps {
  from: string | null;
  to: string | null;
}

/** One bar a step, over the time from the run's start to its end or to now. */
export function Timeline({ from, to, ...props }: TimelineProps) {
  const now = useNow(to ? 60_000 : 250);
  const begin = new Date(from ?? now).getTime();
  const whole = Math.max(1, (to ? new Date(to).getTime() : now) - begin);
  const share = (ms: number) => `${Math.min(100, Math.max(0, (ms / whole) * 100))}%`;
  const timed = props.steps.filter((step) => step.started_at);
  return (
    <Rows {...props} steps={timed} kind="timeline" label={t.views.timeline}>
      {(step) => {
        const took = between(step.started_at, step.finished_at, now) ?? 0;
        return (
          <>
            <span className={classes.name}>{nameOf(step)}</span>
            <span className={classes.track}>
              <span
                className={classes.bar}
                data-tone={lookOf(step.status).tone}
                style={{ left: share(Math.min(new Date(step.started_at ?? begin).getTime() - begin, whole * 0.995)), width: share(took) }}
              />
            </span>
            <span className={classes.number}>
              {duration(took)}
              <VisuallyHidden> {step.status}</VisuallyHidden>
            </span>
          </>
        );
      }}
    </Rows>
  );
}

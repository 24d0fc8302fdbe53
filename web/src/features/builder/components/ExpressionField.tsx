import { Code, Input, Skeleton, Text } from '@mantine/core';
import { lazy, Suspense, useDeferredValue, useId, useMemo, useState } from 'react';
import { strings } from '~/lib/strings';
import { brief, callAt, type Mode } from '../api/expressions';
import { type Evaluated, useEvaluated, useOffered } from '../api/useEvaluated';
import classes from './Builder.module.css';

const Editor = lazy(() => import('./ExpressionEditor'));

const t = strings.builder;

interface ExpressionFieldProps {
  label: string;
  description?: string;
  required?: boolean;
  placeholder?: string;
  value: string;
  mode?: Mode;
  readOnly: boolean;
  onChange: (value: string) => void;
}

/** A field that takes a text, an expression or a template; below it what that gives, and while one writes a call, what the function takes. */
export function ExpressionField({ label, description, required, placeholder, value, mode = 'value', readOnly, onChange }: ExpressionFieldProps) {
  const scope = useOffered();
  const id = useId();
  const [before, setBefore] = useState<string | null>(null);
  const evaluated = useEvaluated(useDeferredValue(value), mode);
  const call = useMemo(() => (before === null ? null : callAt(before)), [before]);
  return (
    <Input.Wrapper size="xs" label={label} labelElement="div" description={description} required={required}>
      <Suspense fallback={<Skeleton height={30} />}>
        <Editor
          label={label}
          describedBy={id}
          value={value}
          mode={mode}
          scope={scope}
          placeholder={placeholder}
          readOnly={readOnly}
          onChange={onChange}
          onCaret={setBefore}
        />
      </Suspense>
      <div id={id} className={classes.result}>
        {call && (
          <Text size="xs" c="dimmed">
            <Code>{call[0]}</Code> {call[1]}
          </Text>
        )}
        <Result evaluated={evaluated} />
      </div>
    </Input.Wrapper>
  );
}

function Result({ evaluated }: { evaluated: Evaluated }) {
  switch (evaluated.kind) {
    case 'value':
      return (
        <Text size="xs" c="var(--state-succeeded)" truncate title={JSON.stringify(evaluated.value, null, 1)?.slice(0, 2_000)}>
          = {typeof evaluated.value === 'string' ? evaluated.value.slice(0, 200) || '""' : brief(evaluated.value)}
        </Text>
      );
    case 'fault':
      return (
        <Text size="xs" c="var(--mantine-color-error)">
          {evaluated.message}
        </Text>
      );
    case 'large':
      return (
        <Text size="xs" c="dimmed">
          {t.tooLarge}
        </Text>
      );
    default:
      return null;
  }
}

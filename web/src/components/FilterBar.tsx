import { Button, Group, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { strings } from '~/lib/strings';

const t = strings.common.filter;

interface Days {
  since?: string;
  until?: string;
}

interface FilterBarProps<T extends Days> {
  filter: T;
  onChange: (change: Days) => void;
  onClear: () => void;
  /** What else narrows this list. */
  children: ReactNode;
}

/** What narrows a list of things that happened: fields of the list's own, from which day to which, and the way back to all of it. */
export function FilterBar<T extends Days>({ filter, onChange, onClear, children }: FilterBarProps<T>) {
  return (
    <Group align="flex-end" gap="xs" component="search">
      {children}
      <TextInput
        size="xs"
        type="date"
        label={t.since}
        value={filter.since ?? ''}
        onChange={(event) => onChange({ since: event.currentTarget.value || undefined })}
      />
      <TextInput
        size="xs"
        type="date"
        label={t.until}
        value={filter.until ?? ''}
        onChange={(event) => onChange({ until: event.currentTarget.value || undefined })}
      />
      {Object.keys(filter).length > 0 && (
        <Button size="xs" variant="default" onClick={onClear}>
          {t.clear}
        </Button>
      )}
    </Group>
  );
}

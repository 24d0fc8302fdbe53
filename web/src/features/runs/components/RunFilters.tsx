import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useAgents } from '~/lib/agents';
import { runStates } from '~/lib/search';
import { strings } from '~/lib/strings';
import type { RunFilter } from '../api/useRuns';

const t = strings.runs;

/** The filter stands in the address: a link shows the same runs to somebody else. */
export function RunFilters({ filter }: { filter: RunFilter }) {
  const navigate = useNavigate({ from: '/runs' });
  const { items } = useAgents();
  const set = (change: object) => void navigate({ search: (former) => ({ ...former, ...change }), replace: true });
  const later = useDebouncedCallback(set, 300);
  return (
    <Group align="flex-end" gap="xs" component="search">
      <Select
        size="xs"
        label={t.agent}
        searchable
        clearable
        data={items.map((agent) => ({ value: agent.slug, label: agent.name }))}
        value={filter.agent ?? null}
        onChange={(agent) => set({ agent: agent ?? undefined })}
      />
      <Select
        size="xs"
        label={t.status}
        clearable
        w={130}
        data={runStates.map((state) => ({ value: state, label: t.states[state] }))}
        value={filter.status ?? null}
        onChange={(status) => set({ status: status ?? undefined })}
      />
      <TextInput
        size="xs"
        type="date"
        label={t.since}
        value={filter.since ?? ''}
        onChange={(event) => set({ since: event.currentTarget.value || undefined })}
      />
      <TextInput
        size="xs"
        type="date"
        label={t.until}
        value={filter.until ?? ''}
        onChange={(event) => set({ until: event.currentTarget.value || undefined })}
      />
      <TextInput
        size="xs"
        w={150}
        label={t.errorCode}
        placeholder={t.errorCodeHint}
        key={String(filter.error_code === undefined)}
        defaultValue={filter.error_code}
        onChange={(event) => later({ error_code: event.currentTarget.value || undefined })}
      />
      {Object.keys(filter).length > 0 && (
        <Button size="xs" variant="default" onClick={() => void navigate({ search: {}, replace: true })}>
          {t.clear}
        </Button>
      )}
    </Group>
  );
}

import { Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { FilterBar } from '~/components/FilterBar';
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
    <FilterBar filter={filter} onChange={set} onClear={() => void navigate({ search: {}, replace: true })}>
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
        w={150}
        label={t.errorCode}
        placeholder={t.errorCodeHint}
        key={String(filter.error_code === undefined)}
        defaultValue={filter.error_code}
        onChange={(event) => later({ error_code: event.currentTarget.value || undefined })}
      />
    </FilterBar>
  );
}

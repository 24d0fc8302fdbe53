import { Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { FilterBar } from '~/components/FilterBar';
import { useAgents } from '~/lib/agents';
import { strings } from '~/lib/strings';
import type { InteractionFilter } from '../api/useInteractions';
import { useTypes } from '../api/useTypes';

const t = strings.interactions;

export function InteractionFilters({ filter }: { filter: InteractionFilter }) {
  const navigate = useNavigate({ from: '/interactions' });
  const { items } = useAgents();
  const types = useTypes();
  const set = (change: object) => void navigate({ search: (former) => ({ ...former, ...change }), replace: true });
  return (
    <FilterBar filter={filter} onChange={set} onClear={() => void navigate({ search: {}, replace: true })}>
      <Select
        size="xs"
        label={t.agent}
        searchable
        clearable
        data={items.map(({ slug, name }) => ({ value: slug, label: name }))}
        value={filter.agent ?? null}
        onChange={(agent) => set({ agent: agent ?? undefined })}
      />
      <Select
        size="xs"
        w={150}
        label={t.type}
        clearable
        data={types.data?.items.map((type) => ({ value: type.id, label: type.name })) ?? []}
        value={filter.type ?? null}
        onChange={(type) => set({ type: type ?? undefined })}
      />
      <Select
        size="xs"
        w={130}
        label={t.rated}
        clearable
        data={[
          { value: 'true', label: t.ratedYes },
          { value: 'false', label: t.ratedNo },
        ]}
        value={filter.rated === undefined ? null : String(filter.rated)}
        onChange={(rated) => set({ rated: rated === null ? undefined : rated === 'true' })}
      />
    </FilterBar>
  );
}

import { Button, Group, Select, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
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
    <Group align="flex-end" gap="xs" component="search">
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
      {Object.keys(filter).length > 0 && (
        <Button size="xs" variant="default" onClick={() => void navigate({ search: {}, replace: true })}>
          {t.clear}
        </Button>
      )}
    </Group>
  );
}

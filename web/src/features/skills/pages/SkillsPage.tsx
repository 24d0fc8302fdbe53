import { Badge, Button, Group, Select, Switch, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconPlus, IconPuzzle, IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/LinkButton';
import { onDemand } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { SkillView } from '~/generated/api';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { type SkillFilter, useSkills } from '../api/useSkills';
import { useTags } from '../api/useTags';

const CreateSkill = onDemand(() => import('../components/CreateSkill').then((file) => file.CreateSkill));

const t = strings.skills;

export function SkillsPage() {
  const filter = useSearch({ from: '/app/skills' });
  const skills = useSkills(filter);
  const may = useCan('skills:write');
  const [creating, create] = useDisclosure();
  const button = may && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create.open}>
      {t.create}
    </Button>
  );
  return (
    <Page title={t.title} text={t.text} actions={button}>
      <Filters filter={filter} />
      <Answered query={skills} lines={10}>
        {(found) => {
          const rows = found.filter((row) => !filter.own || !row.is_platform);
          return rows.length === 0 ? (
            <Empty icon={<IconPuzzle size={40} aria-hidden />} title={t.empty} text={t.emptyText} action={button} />
          ) : (
            <DataTable<SkillView>
              label={t.title}
              rows={rows}
              keyOf={(row) => row.id}
              more={skills.more}
              columns={[
                {
                  id: 'name',
                  title: t.name,
                  cell: (row) => (
                    <div>
                      <TextLink to="/skills/$skill" params={{ skill: row.slug }} underline="always">
                        {row.name}
                      </TextLink>
                      <Text size="xs" c="dimmed" lineClamp={1}>
                        {row.description ?? row.slug}
                      </Text>
                    </div>
                  ),
                },
                { id: 'type', title: t.type, cell: (row) => t.types[row.type] ?? row.type },
                { id: 'category', title: t.category, secondary: true, cell: (row) => t.categories[row.category] ?? row.category },
                {
                  id: 'tags',
                  title: t.tags,
                  secondary: true,
                  cell: (row) => (
                    <Group gap={4}>
                      {row.tags.map((tag) => (
                        <Badge key={tag} variant="default" tt="none" fw={500}>
                          {tag}
                        </Badge>
                      ))}
                    </Group>
                  ),
                },
                { id: 'version', title: t.version, secondary: true, cell: (row) => row.latest_version ?? t.none },
                {
                  id: 'whose',
                  title: strings.common.status,
                  secondary: true,
                  cell: (row) => `${row.is_platform ? t.platform : t.yours}${row.is_active ? '' : ` · ${t.inactive}`}`,
                },
                { id: 'updated', title: t.updated, secondary: true, cell: (row) => <Time at={row.updated_at} /> },
              ]}
            />
          );
        }}
      </Answered>
      {creating && <CreateSkill onClose={create.close} />}
    </Page>
  );
}

function Filters({ filter }: { filter: SkillFilter }) {
  const navigate = useNavigate({ from: '/skills' });
  const tags = useTags();
  const set = (change: SkillFilter) => void navigate({ search: (former) => ({ ...former, ...change }), replace: true });
  const later = useDebouncedCallback((q: string) => set({ q: q || undefined }), 300);
  return (
    <Group component="search" align="flex-end" gap="xs">
      <TextInput
        size="xs"
        label={t.search}
        leftSection={<IconSearch size={14} aria-hidden />}
        defaultValue={filter.q}
        onChange={(event) => later(event.currentTarget.value)}
      />
      <Select
        size="xs"
        label={t.type}
        clearable
        data={Object.entries(t.types).map(([value, label]) => ({ value, label }))}
        value={filter.type ?? null}
        onChange={(type) => set({ type: type ?? undefined })}
      />
      <Select
        size="xs"
        label={t.tag}
        clearable
        searchable
        data={tags.data?.items.map((tag) => ({ value: tag.slug, label: tag.name })) ?? []}
        value={filter.tag ?? null}
        onChange={(tag) => set({ tag: tag ?? undefined })}
      />
      <Switch label={t.own} mb={6} checked={filter.own ?? false} onChange={(event) => set({ own: event.currentTarget.checked || undefined })} />
    </Group>
  );
}

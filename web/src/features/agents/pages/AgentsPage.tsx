import { ActionIcon, Badge, Button, Checkbox, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconPlus, IconRobot, IconSearch, IconStar, IconStarFilled } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/LinkButton';
import { onDemand } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { AgentView, LatestRun } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { type AgentFilter, useAgentList } from '../api/useAgentList';
import { useLatestRuns } from '../api/useLatestRuns';
import { RunTicks, successOf } from '../components/RunTicks';

const CreateAgent = onDemand(() => import('../components/CreateAgent').then((file) => file.CreateAgent));

const t = strings.agents;

export function AgentsPage() {
  const filter = useSearch({ from: '/app/agents' });
  const agents = useAgentList(filter);
  const may = useCan('agents:write');
  const latest = useLatestRuns((agents.data ?? []).map((agent) => agent.id));
  const [creating, create] = useDisclosure();
  const isFiltered = Object.keys(filter).length > 0;
  const button = may && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create.open}>
      {t.create}
    </Button>
  );
  return (
    <Page title={t.title} text={t.text} actions={agents.data?.length || isFiltered ? button : null}>
      <Filters filter={filter} />
      <Answered query={agents} lines={8}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty
              icon={<IconRobot size={40} aria-hidden />}
              title={isFiltered ? t.emptyFiltered : t.empty}
              text={isFiltered ? undefined : t.emptyText}
              action={isFiltered ? undefined : button}
            />
          ) : (
            <DataTable<AgentView>
              label={t.title}
              rows={rows}
              keyOf={(row) => row.id}
              more={agents.more}
              columns={[
                { id: 'star', title: t.favourites, secondary: true, cell: (row) => <Star agent={row} /> },
                {
                  id: 'name',
                  title: t.name,
                  cell: (row) => (
                    <div>
                      <TextLink to="/agents/$agent" params={{ agent: row.slug }} fw={600}>
                        {row.name}
                      </TextLink>
                      <Text size="sm" c="dimmed" lineClamp={1}>
                        {row.description ?? row.slug}
                      </Text>
                    </div>
                  ),
                },
                { id: 'status', title: t.status, cell: (row) => <StatusBadge status={row.status} /> },
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
                { id: 'version', title: t.version, secondary: true, cell: (row) => row.latest_version ?? t.noVersion },
                {
                  id: 'runs',
                  title: t.recent,
                  secondary: true,
                  cell: (row) => <Recent runs={latest(row.id)} />,
                },
                { id: 'used', title: t.lastUsed, secondary: true, cell: (row) => <LastRun at={latest(row.id)[0]?.queued_at ?? row.last_used_at} /> },
              ]}
            />
          )
        }
      </Answered>
      {creating && <CreateAgent onClose={create.close} />}
    </Page>
  );
}

const LastRun = ({ at }: { at: string | null }) => (at ? <Time at={at} /> : t.never);

/** Whether it works: its last runs, and the share of them that went well. */
function Recent({ runs }: { runs: readonly LatestRun[] }) {
  const success = successOf(runs);
  return (
    <Group gap="xs" wrap="nowrap">
      <RunTicks runs={runs} wrap="nowrap" />
      {success && (
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }} title={t.successOf(success.percent, success.of)}>
          {success.percent} %
        </Text>
      )}
    </Group>
  );
}

function Filters({ filter }: { filter: AgentFilter }) {
  const navigate = useNavigate({ from: '/agents' });
  const tags = $api.useQuery('get', '/v1/tags', { params: { query: { limit: 200 } } }, { staleTime: 60_000 });
  const set = (change: object) => void navigate({ search: (former) => ({ ...former, ...change }), replace: true });
  const later = useDebouncedCallback((q: string) => set({ q: q || undefined }), 250);
  return (
    <Group align="flex-end" gap="xs" component="search">
      <TextInput
        size="xs"
        w={240}
        label={t.search}
        placeholder={t.searchHint}
        leftSection={<IconSearch size={14} aria-hidden />}
        key={String(filter.q === undefined)}
        defaultValue={filter.q}
        onChange={(event) => later(event.currentTarget.value)}
      />
      <Select
        size="xs"
        w={130}
        label={t.status}
        clearable
        data={['active', 'inactive', 'archived']}
        value={filter.status ?? null}
        onChange={(status) => set({ status: status ?? undefined })}
      />
      <Select
        size="xs"
        w={150}
        label={t.tag}
        clearable
        searchable
        data={tags.data?.items.map((tag) => tag.slug) ?? []}
        value={filter.tag ?? null}
        onChange={(tag) => set({ tag: tag ?? undefined })}
      />
      <Checkbox
        label={t.favourites}
        checked={filter.favorite ?? false}
        onChange={(event) => set({ favorite: event.currentTarget.checked || undefined })}
        pb={6}
      />
      {Object.keys(filter).length > 0 && (
        <Button size="xs" variant="default" onClick={() => void navigate({ search: {}, replace: true })}>
          {t.clear}
        </Button>
      )}
    </Group>
  );
}

function Star({ agent }: { agent: AgentView }) {
  const done = { onSuccess: () => refresh('/v1/agents'), onError: tellProblem };
  const add = $api.useMutation('post', '/v1/agents/{agent}/favorite', done);
  const remove = $api.useMutation('delete', '/v1/agents/{agent}/favorite', done);
  const path = { params: { path: { agent: agent.slug } } };
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-pressed={agent.is_favorite}
      aria-label={agent.is_favorite ? t.unfavour(agent.name) : t.favour(agent.name)}
      onClick={() => (agent.is_favorite ? remove : add).mutate(path)}
    >
      {agent.is_favorite ? <IconStarFilled size={16} /> : <IconStar size={16} />}
    </ActionIcon>
  );
}

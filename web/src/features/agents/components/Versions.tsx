import { Badge, Button, Code, Group, List, Modal, Stack, Text, Title } from '@mantine/core';
import { IconVersions } from '@tabler/icons-react';
import { useState } from 'react';
import { DataTable } from '~/components/DataTable';
import { JsonView } from '~/components/JsonView';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { AgentVersionDiff, AgentVersionSummary, AgentView, JsonChange } from '~/generated/api';
import { $api, client } from '~/lib/client';
import { tellDone, tellProblem } from '~/lib/notify';
import { usePages } from '~/lib/paged';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useRestore } from '../api/useRestore';

const t = strings.agents;

export function Versions({ agent }: { agent: AgentView }) {
  const may = useCan('agents:write');
  const [compared, setCompared] = useState<{ from: string; to: string } | null>(null);
  const versions = usePages(['get', '/v1/agents/{agent}/versions', agent.id], (cursor, signal) =>
    client.GET('/v1/agents/{agent}/versions', { params: { path: { agent: agent.slug }, query: { limit: 50, cursor } }, signal }),
  );
  const restore = useRestore(agent.slug);
  const put = (version: string) =>
    restore.mutate(version, {
      onSuccess: () => {
        tellDone(t.restored);
        void refresh('/v1/agents');
      },
      onError: tellProblem,
    });
  return (
    <Answered query={versions}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty icon={<IconVersions size={40} aria-hidden />} title={t.noVersions} text={t.noVersionsText} />
        ) : (
          <>
            <DataTable<AgentVersionSummary>
              label={t.tabs.versions}
              rows={rows}
              keyOf={(row) => row.id}
              more={versions.more}
              columns={[
                {
                  id: 'version',
                  title: t.version,
                  cell: (row) => (
                    <Group gap="xs">
                      <Code>{row.semantic_version}</Code>
                      {row.is_latest && <Badge variant="default">{t.latest}</Badge>}
                    </Group>
                  ),
                },
                { id: 'log', title: t.changelog, cell: (row) => row.changelog ?? strings.common.none },
                { id: 'nodes', title: t.nodes, secondary: true, align: 'right', cell: (row) => row.nodes },
                { id: 'made', title: t.by, secondary: true, cell: (row) => <Time at={row.created_at} /> },
                {
                  id: 'actions',
                  title: strings.common.actions,
                  align: 'right',
                  cell: (row) => {
                    const before = rows[rows.indexOf(row) + 1];
                    return (
                      <Group gap={4} justify="flex-end">
                        {before && (
                          <Button
                            variant="default"
                            size="compact-sm"
                            aria-label={t.diffWith(row.semantic_version)}
                            onClick={() => setCompared({ from: before.semantic_version, to: row.semantic_version })}
                          >
                            {t.diff}
                          </Button>
                        )}
                        {may && !row.is_latest && (
                          <Button
                            variant="default"
                            size="compact-sm"
                            aria-label={t.restoreVersion(row.semantic_version)}
                            loading={restore.isPending && restore.variables === row.semantic_version}
                            onClick={() => put(row.semantic_version)}
                          >
                            {t.restore}
                          </Button>
                        )}
                      </Group>
                    );
                  },
                },
              ]}
            />
            {compared && <Compared agent={agent.slug} {...compared} onClose={() => setCompared(null)} />}
          </>
        )
      }
    </Answered>
  );
}

function Compared({ agent, from, to, onClose }: { agent: string; from: string; to: string; onClose: () => void }) {
  const diff = $api.useQuery('get', '/v1/agents/{agent}/versions/{from}/diff/{to}', { params: { path: { agent, from, to } } });
  return (
    <Modal opened onClose={onClose} title={t.diffTitle(from, to)} size="xl">
      <Answered query={diff}>{(found) => (found.is_same ? <Text>{t.same}</Text> : <Changes diff={found} />)}</Answered>
    </Modal>
  );
}

function Changes({ diff }: { diff: AgentVersionDiff }) {
  const { nodes, edges, output } = diff.graph;
  const name = (edge: unknown) => {
    const { from, to } = edge as { from: string; to: string };
    return `${from} → ${to}`;
  };
  return (
    <Stack>
      <Names title={t.nodesAdded} names={nodes.added} />
      <Names title={t.nodesRemoved} names={nodes.removed} />
      <Names title={t.edgesAdded} names={edges.added.map(name)} />
      <Names title={t.edgesRemoved} names={edges.removed.map(name)} />
      {nodes.changed.map((node) => (
        <Values key={node.id} title={`${t.nodesChanged}: ${node.id}`} changes={node.changes} />
      ))}
      <Values title={t.outputChanged} changes={output} />
      <Values title={t.settingsChanged} changes={diff.settings} />
      <Values title={t.skillsChanged} changes={diff.skills} />
    </Stack>
  );
}

function Names({ title, names }: { title: string; names: string[] }) {
  return names.length === 0 ? null : (
    <div>
      <Title order={3}>{title}</Title>
      <List>
        {names.map((name) => (
          <List.Item key={name}>
            <Code>{name}</Code>
          </List.Item>
        ))}
      </List>
    </div>
  );
}

function Values({ title, changes }: { title: string; changes: JsonChange[] }) {
  return changes.length === 0 ? null : (
    <Stack gap="xs">
      <Title order={3}>{title}</Title>
      {changes.map((change) => (
        <div key={change.pointer}>
          <Code>{change.pointer}</Code>
          <Group grow align="flex-start">
            <JsonView label={strings.settings.audit.before} value={change.before} height={200} />
            <JsonView label={strings.settings.audit.after} value={change.after} height={200} />
          </Group>
        </div>
      ))}
    </Stack>
  );
}

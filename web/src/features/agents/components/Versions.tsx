import { Badge, Button, Code, Group } from '@mantine/core';
import { IconVersions } from '@tabler/icons-react';
import { DataTable } from '~/components/DataTable';
import { LinkButton } from '~/components/LinkButton';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { AgentVersionSummary, AgentView } from '~/generated/api';
import { client } from '~/lib/client';
import { tellDone, tellProblem } from '~/lib/notify';
import { usePages } from '~/lib/paged';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useRestore } from '../api/useRestore';

const t = strings.agents;

export function Versions({ agent }: { agent: AgentView }) {
  const may = useCan('agents:write');
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
                        <LinkButton
                          variant="default"
                          size="compact-sm"
                          aria-label={t.diffWith(row.semantic_version)}
                          to="/agents/$agent/diff/$a/$b"
                          params={{ agent: agent.slug, a: before.semantic_version, b: row.semantic_version }}
                        >
                          {t.diff}
                        </LinkButton>
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
        )
      }
    </Answered>
  );
}

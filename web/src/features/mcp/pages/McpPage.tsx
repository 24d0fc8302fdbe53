import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconServer } from '@tabler/icons-react';
import { DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/LinkButton';
import { onDemand } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered, Empty } from '~/components/states';
import type { McpServerView } from '~/generated/api';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useServers } from '../api/useServers';
import { Executions } from '../components/Executions';

const AddServer = onDemand(() => import('../components/AddServer').then((file) => file.AddServer));

const t = strings.mcp;

export function McpPage() {
  const servers = useServers();
  const may = useCan('mcp:write');
  const maySeeRuns = useCan('runs:read');
  const [adding, add] = useDisclosure();
  const button = may && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add.open}>
      {t.create}
    </Button>
  );
  return (
    <Page title={t.title} text={t.text} actions={servers.data?.length ? button : null}>
      <Stack>
        <Answered query={servers}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty icon={<IconServer size={40} aria-hidden />} title={t.empty} text={t.emptyText} action={button} />
            ) : (
              <DataTable<McpServerView>
                label={t.title}
                rows={rows}
                keyOf={(row) => row.id}
                more={servers.more}
                columns={[
                  {
                    id: 'name',
                    title: t.name,
                    cell: (row) => (
                      <div>
                        <TextLink to="/mcp-servers/$server" params={{ server: row.slug }}>
                          {row.name}
                        </TextLink>
                        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                          {row.is_platform ? t.platform : (row.url ?? row.catalogue)}
                        </Text>
                      </div>
                    ),
                  },
                  {
                    id: 'status',
                    title: strings.common.status,
                    cell: (row) => <StatusBadge status={row.config.enabled ? 'active' : 'canceled'} label={row.config.enabled ? t.on : t.off} />,
                  },
                  { id: 'transport', title: t.transport, secondary: true, cell: (row) => t.transports[row.transport] ?? row.transport },
                  {
                    id: 'tools',
                    title: t.tools,
                    align: 'right',
                    cell: (row) => (
                      <>
                        {row.tools}
                        {row.tools_to_accept > 0 && <StatusBadge status="waiting" label={t.toAccept(row.tools_to_accept)} />}
                      </>
                    ),
                  },
                ]}
              />
            )
          }
        </Answered>
        {maySeeRuns && <Executions />}
      </Stack>
      {adding && <AddServer onClose={add.close} />}
    </Page>
  );
}

import { Button, Group, Text } from '@mantine/core';
import { IconRefresh, IconTool } from '@tabler/icons-react';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Confirm } from '~/components/Confirm';
import { DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/LinkButton';
import { onDemand } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered, Empty } from '~/components/states';
import type { McpServerView, McpToolView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellDone, tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useAccept } from '../api/useAccept';
import { useTools } from '../api/useTools';
import { toneOf } from '../components/tones';

const Configure = onDemand(() => import('../components/Configure').then((file) => file.Configure));
const ToolPanel = onDemand(() => import('../components/ToolPanel').then((file) => file.ToolPanel));

const t = strings.mcp;

export function McpServerPage() {
  const { server } = useParams({ from: '/app/mcp-servers/$server' });
  const found = $api.useQuery('get', '/v1/mcp-servers/{server}', { params: { path: { server } } });
  return <Answered query={found}>{(view) => <Server server={view} />}</Answered>;
}

function Server({ server }: { server: McpServerView }) {
  const may = useCan('mcp:write');
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'config' | 'delete' | null>(null);
  const close = () => setDialog(null);
  const path = { params: { path: { server: server.slug } } };
  const ask = $api.useMutation('post', '/v1/mcp-servers/{server}/refresh', {
    onSuccess: ({ tools, changed }) => {
      tellDone(t.refreshed(tools, changed));
      return refresh('/v1/mcp-servers');
    },
    onError: tellProblem,
  });
  const remove = $api.useMutation('delete', '/v1/mcp-servers/{server}', {
    onSuccess: () => {
      void refresh('/v1/mcp-servers');
      void navigate({ to: '/mcp-servers' });
    },
    onError: tellProblem,
  });
  const refreshButton = may && (
    <Button leftSection={<IconRefresh size={16} aria-hidden />} loading={ask.isPending} onClick={() => ask.mutate(path)}>
      {t.refresh}
    </Button>
  );
  return (
    <Page
      title={server.name}
      beside={<StatusBadge status={server.config.enabled ? 'active' : 'canceled'} label={server.config.enabled ? t.on : t.off} />}
      text={
        <>
          <TextLink to="/mcp-servers" underline="always">
            {t.back}
          </TextLink>{' '}
          · {t.transports[server.transport] ?? server.transport} · {server.url ?? server.catalogue}
          {server.description && <Text>{server.description}</Text>}
        </>
      }
      actions={
        may && (
          <>
            {server.tools > 0 && refreshButton}
            <Button variant="default" onClick={() => setDialog('config')}>
              {t.configure}
            </Button>
            {!server.is_platform && (
              <Button variant="default" c="var(--mantine-color-error)" onClick={() => setDialog('delete')}>
                {t.delete}
              </Button>
            )}
          </>
        )
      }
    >
      <Tools server={server} action={refreshButton} />
      {dialog === 'config' && <Configure server={server} onClose={close} />}
      <Confirm
        opened={dialog === 'delete'}
        title={t.delete}
        text={t.deleteText(server.name)}
        action={t.delete}
        name={server.name}
        busy={remove.isPending}
        onClose={close}
        onConfirm={() => remove.mutate(path)}
      />
    </Page>
  );
}

function Tools({ server, action }: { server: McpServerView; action: ReactNode }) {
  const { tool } = useSearch({ from: '/app/mcp-servers/$server' });
  const navigate = useNavigate({ from: '/mcp-servers/$server' });
  const tools = useTools(server.slug);
  const open = tools.data?.find((entry) => entry.name === tool);
  const look = (name?: string) => void navigate({ search: { tool: name }, replace: true });
  return (
    <Answered query={tools}>
      {(rows) =>
        rows.length === 0 ? (
          <Empty icon={<IconTool size={40} aria-hidden />} title={t.tool.empty} text={t.tool.emptyText} action={action} />
        ) : (
          <>
            <AcceptAll server={server.slug} tools={rows.filter((row) => row.status === 'new' || row.status === 'changed')} />
            <DataTable<McpToolView>
              label={t.tools}
              rows={rows}
              keyOf={(row) => row.id}
              more={tools.more}
              columns={[
                {
                  id: 'name',
                  title: t.name,
                  cell: (row) => (
                    <div>
                      <Text>{row.title ?? row.name}</Text>
                      <Text size="xs" c="dimmed" lineClamp={2}>
                        {row.description}
                      </Text>
                    </div>
                  ),
                },
                { id: 'status', title: strings.common.status, cell: (row) => <StatusBadge status={toneOf(row.status)} label={t.tool.status[row.status]} /> },
                {
                  id: 'look',
                  title: strings.common.actions,
                  align: 'right',
                  cell: (row) => (
                    <Button variant="default" size="compact-sm" aria-label={t.tool.lookAt(row.name)} onClick={() => look(row.name)}>
                      {t.tool.look}
                    </Button>
                  ),
                },
              ]}
            />
            {open && <ToolPanel key={open.id} server={server.slug} tool={open} onClose={() => look()} />}
          </>
        )
      }
    </Answered>
  );
}

/** Only by a dialog that names them: what a description says goes to models as it is. */
function AcceptAll({ server, tools }: { server: string; tools: McpToolView[] }) {
  const may = useCan('mcp:write');
  const [asking, setAsking] = useState(false);
  const accept = useAccept(() => setAsking(false));
  if (!may || tools.length < 2) {
    return null;
  }
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={() => setAsking(true)}>
        {t.tool.acceptAll(tools.length)}
      </Button>
      <Confirm
        opened={asking}
        title={t.tool.acceptAll(tools.length)}
        text={t.tool.acceptAllText(tools.map((tool) => tool.name).join(', '))}
        action={t.tool.accept}
        busy={accept.isPending}
        onClose={() => setAsking(false)}
        onConfirm={() => accept.mutate({ params: { path: { server } }, body: { tools: tools.flatMap(({ name, hash }) => (hash ? [{ name, hash }] : [])) } })}
      />
    </Group>
  );
}

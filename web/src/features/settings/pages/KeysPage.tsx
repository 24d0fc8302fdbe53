import { Badge, Button, Code, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { Confirm } from '~/components/Confirm';
import { DataTable } from '~/components/DataTable';
import { onOpening } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { ApiKeyView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useKeys } from '../api/useKeys';

const NewKey = onOpening(() => import('../components/NewKey').then((file) => file.NewKey));

const t = strings.settings.keys;

export function KeysPage() {
  const keys = useKeys();
  const may = useCan('api_keys:write');
  const [creating, create] = useDisclosure();
  const button = may && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create.open}>
      {t.create}
    </Button>
  );
  return (
    <Page title={strings.settings.parts.keys} text={t.text} actions={keys.data?.length ? button : null}>
      <Answered query={keys}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={<IconKey size={40} aria-hidden />} title={t.empty} text={t.emptyText} action={button} />
          ) : (
            <DataTable<ApiKeyView>
              label={strings.settings.parts.keys}
              rows={rows}
              keyOf={(row) => row.id}
              more={keys.more}
              columns={[
                {
                  id: 'name',
                  title: strings.common.name,
                  cell: (row) => (
                    <div>
                      <Text>{row.name}</Text>
                      <Code>{row.prefix}…</Code>
                    </div>
                  ),
                },
                { id: 'status', title: strings.common.status, cell: (row) => <StatusBadge status={row.status} /> },
                {
                  id: 'scopes',
                  title: t.scopes,
                  secondary: true,
                  cell: (row) => (
                    <Group gap={4}>
                      {row.scopes.map((scope) => (
                        <Badge key={scope} variant="default" tt="none" fw={500}>
                          {scope}
                        </Badge>
                      ))}
                    </Group>
                  ),
                },
                { id: 'used', title: t.lastUsed, secondary: true, cell: (row) => (row.last_used_at ? <Time at={row.last_used_at} /> : t.never) },
                { id: 'expires', title: t.expires, secondary: true, cell: (row) => (row.expires_at ? <Time at={row.expires_at} /> : t.never) },
                { id: 'actions', title: strings.common.actions, align: 'right', cell: (row) => <Revoke apiKey={row} /> },
              ]}
            />
          )
        }
      </Answered>
      <NewKey opened={creating} onClose={create.close} />
    </Page>
  );
}

function Revoke({ apiKey }: { apiKey: ApiKeyView }) {
  const may = useCan('api_keys:write');
  const [revoking, revocation] = useDisclosure();
  const revoke = $api.useMutation('delete', '/v1/api-keys/{id}', {
    onSuccess: () => {
      revocation.close();
      return refresh('/v1/api-keys');
    },
    onError: tellProblem,
  });
  if (!may || apiKey.status !== 'active') {
    return null;
  }
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={revocation.open}>
        {t.revoke}
      </Button>
      <Confirm
        opened={revoking}
        title={t.revoke}
        text={t.revokeText(apiKey.name)}
        action={t.revoke}
        name={apiKey.name}
        busy={revoke.isPending}
        onClose={revocation.close}
        onConfirm={() => revoke.mutate({ params: { path: { id: apiKey.id } } })}
      />
    </>
  );
}

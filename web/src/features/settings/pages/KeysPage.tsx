import { Alert, Badge, Button, Code, Group, Modal, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Confirm } from '~/components/Confirm';
import { CopyBlock, ShownOnce } from '~/components/Copy';
import { DataTable } from '~/components/DataTable';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { ApiKeyView } from '~/generated/api';
import { $api } from '~/lib/client';
import { tellProblem } from '~/lib/notify';
import { showFaults } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { covers, useAccount, useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useKeys } from '../api/useKeys';

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

function NewKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { permissions } = useAccount();
  const known = $api.useQuery('get', '/v1/roles');
  const [key, setKey] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({ initialValues: { name: '', scopes: ['runs:execute', 'runs:read'], expires_at: '' } });
  const create = $api.useMutation('post', '/v1/api-keys', {
    onSuccess: (made) => {
      form.reset();
      onClose();
      setKey(made.key);
      return refresh('/v1/api-keys');
    },
    onError: (error) => setProblem(showFaults(form, error, ['name', 'scopes', 'expires_at'])),
  });
  return (
    <>
      <Modal opened={opened} onClose={onClose} title={t.create}>
        <form
          onSubmit={form.onSubmit(({ name, scopes, expires_at }) => {
            setProblem(null);
            create.mutate({ body: { name, scopes, expires_at: expires_at ? new Date(expires_at).toISOString() : null } });
          })}
        >
          <Stack>
            {problem && (
              <Alert color="red" variant="outline" role="alert">
                {problem}
              </Alert>
            )}
            <TextInput label={t.name} required data-autofocus {...form.getInputProps('name')} />
            <MultiSelect
              label={t.scopes}
              description={t.scopesHint}
              required
              searchable
              data={known.data?.permissions.map((permission) => permission.name).filter((name) => covers(permissions, name)) ?? []}
              {...form.getInputProps('scopes')}
            />
            <TextInput label={t.expires} description={t.expiresHint} type="datetime-local" {...form.getInputProps('expires_at')} />
            <Group justify="flex-end">
              <Button type="submit" loading={create.isPending}>
                {t.create}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
      <ShownOnce title={t.made} opened={key !== null} onClose={() => setKey(null)}>
        <CopyBlock label={t.key} value={key ?? ''} />
        <CopyBlock label={t.example} value={`curl -sS ${window.location.origin}/v1/agents -H 'authorization: Bearer ${key}'`} />
      </ShownOnce>
    </>
  );
}

import { ActionIcon, Alert, Button, Code, Group, Loader, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { Confirm } from '~/components/Confirm';
import { TextLink } from '~/components/LinkButton';
import { Answered } from '~/components/states';
import type { CredentialView } from '~/generated/api';
import { $api } from '~/lib/client';
import { consentAddress, useVendors } from '~/lib/integrations';
import { tellDone, tellProblem } from '~/lib/notify';
import { sentenceOf } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { partsOf } from '../api/secret';
import { SecretInputs } from './SecretInputs';

const t = strings.credentials;

type Dialog = 'test' | 'uses' | 'rotate' | 'delete';

export function CredentialMenu({ credential }: { credential: CredentialView }) {
  const may = useCan('credentials:write');
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const remove = $api.useMutation('delete', '/v1/credentials/{id}', {
    onSuccess: () => {
      close();
      return refresh('/v1/credentials');
    },
    onError: tellProblem,
  });
  const { id, name, integration } = credential;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t.menu(name)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {may && <Menu.Item onClick={() => setDialog('test')}>{t.test}</Menu.Item>}
          <Menu.Item onClick={() => setDialog('uses')}>{t.uses}</Menu.Item>
          {may && credential.auth_type === 'oauth2' && integration && (
            <Menu.Item component="a" href={consentAddress(integration, id)}>
              {credential.status === 'consent_needed' ? t.consent : t.consentAgain}
            </Menu.Item>
          )}
          {may && <Menu.Item onClick={() => setDialog('rotate')}>{t.rotate}</Menu.Item>}
          {may && (
            <Menu.Item c="var(--mantine-color-error)" onClick={() => setDialog('delete')}>
              {t.delete}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog === 'test' && <Test credential={credential} onClose={close} />}
      {dialog === 'uses' && <Uses credential={credential} onClose={close} />}
      {dialog === 'rotate' && <Rotate credential={credential} onClose={close} />}
      <Confirm
        opened={dialog === 'delete'}
        title={t.delete}
        text={t.deleteText(name)}
        action={t.delete}
        name={name}
        busy={remove.isPending}
        onClose={close}
        onConfirm={() => remove.mutate({ params: { path: { id } } })}
      />
    </>
  );
}

function Test({ credential: { id, name }, onClose }: { credential: CredentialView; onClose: () => void }) {
  const [url, setUrl] = useState('');
  const test = $api.useMutation('post', '/v1/credentials/{id}/test');
  return (
    <Modal opened onClose={onClose} title={t.testTitle(name)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          test.mutate({ params: { path: { id } }, body: url ? { url } : {} });
        }}
      >
        <Stack>
          <TextInput
            label={t.testUrl}
            description={t.testUrlHint}
            type="url"
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
            data-autofocus
          />
          {test.isPending && (
            <Group role="status">
              <Loader size="sm" />
              <Text>{t.testing}</Text>
            </Group>
          )}
          {test.data && (
            <Alert variant="outline" color={test.data.ok ? 'teal' : 'red'} title={test.data.ok ? t.works : t.fails} role="status">
              {test.data.message} {test.data.status !== null && <Code>{test.data.status}</Code>}
            </Alert>
          )}
          {test.error && (
            <Alert variant="outline" color="red" role="alert">
              {sentenceOf(test.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button type="submit" loading={test.isPending}>
              {t.testAgain}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Uses({ credential: { id, name }, onClose }: { credential: CredentialView; onClose: () => void }) {
  const uses = $api.useQuery('get', '/v1/credentials/{id}/uses', { params: { path: { id } } });
  return (
    <Modal opened onClose={onClose} title={t.usesTitle(name)}>
      <Answered query={uses} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed">{t.usesNone}</Text>
          ) : (
            <Stack gap="xs">
              {items.map((use) => (
                <div key={use.agent_id}>
                  <TextLink to="/agents/$agent" params={{ agent: use.slug }}>
                    {use.name}
                  </TextLink>{' '}
                  <Text span c="dimmed">
                    {use.version}
                    {use.nodes.length > 0 && ` · ${t.usesNodes(use.nodes.join(', '))}`}
                    {use.tools.length > 0 && ` · ${t.usesTools(use.tools.join(', '))}`}
                  </Text>
                </div>
              ))}
            </Stack>
          )
        }
      </Answered>
    </Modal>
  );
}

function Rotate({ credential, onClose }: { credential: CredentialView; onClose: () => void }) {
  const [secret, setSecret] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const vendors = useVendors();
  const vendor = vendors.data?.items.find((entry) => entry.id === credential.vendor);
  const parts = partsOf(credential.auth_type, vendor?.base_url === null);
  // An end that has passed would be refused, and is what a new secret is often for.
  const expires_at = credential.expires_at && new Date(credential.expires_at) > new Date() ? credential.expires_at : null;
  const rotate = $api.useMutation('post', '/v1/credentials/{id}/rotate', {
    onSuccess: () => {
      tellDone(t.rotated);
      onClose();
      return refresh('/v1/credentials');
    },
    onError: (error) => setProblem(sentenceOf(error)),
  });
  return (
    <Modal opened onClose={onClose} title={t.rotateTitle(credential.name)}>
      <form
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          setProblem(null);
          rotate.mutate({ params: { path: { id: credential.id } }, body: { secret, expires_at } });
        }}
      >
        <Stack>
          <Text c="dimmed">{t.rotateText}</Text>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <SecretInputs parts={parts} values={secret} onChange={(part, value) => setSecret((former) => ({ ...former, [part]: value }))} />
          <Group justify="flex-end">
            <Button type="submit" loading={rotate.isPending}>
              {t.rotate}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

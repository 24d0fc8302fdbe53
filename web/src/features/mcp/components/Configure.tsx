import { Alert, Button, Checkbox, Group, Modal, MultiSelect, NumberInput, PasswordInput, Select, Stack, Switch, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { McpServerView } from '~/generated/api';
import { $api } from '~/lib/client';
import { useCredentials } from '~/lib/integrations';
import { useMembers } from '~/lib/members';
import { tellDone } from '~/lib/notify';
import { sentenceOf } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { headersOf } from '../api/headers';

const t = strings.mcp.config;

/** How the tenant uses a server. What is sealed never comes back, so an empty field leaves it. */
export function Configure({ server, onClose }: { server: McpServerView; onClose: () => void }) {
  const { config } = server;
  const limits = config.limits as { timeout_ms?: number; max_result_bytes?: number } | null;
  const credentials = useCredentials(useCan('credentials:read'));
  const members = useMembers();
  const catalogue = $api.useQuery('get', '/v1/mcp-catalogue', {}, { enabled: server.catalogue !== null });
  const asked = catalogue.data?.items.find((entry) => entry.name === server.catalogue)?.values ?? [];
  const [values, setValues] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const form = useForm({
    initialValues: {
      enabled: config.enabled,
      credential: config.credential,
      headers: '',
      clears: false,
      timeout: (limits?.timeout_ms ?? '') as number | string,
      allowed_users: config.allowed_users ?? [],
    },
  });
  const save = $api.useMutation('put', '/v1/mcp-servers/{server}/config', {
    onSuccess: () => {
      tellDone(strings.common.saved);
      onClose();
      return refresh('/v1/mcp-servers');
    },
    onError: (error) => setProblem(sentenceOf(error)),
  });
  const send = form.onSubmit(({ enabled, credential, headers, clears, timeout, allowed_users }) => {
    setProblem(null);
    const read = headersOf(headers);
    if ('bad' in read) {
      form.setFieldError('headers', t.badHeader(read.bad));
      return;
    }
    save.mutate({
      params: { path: { server: server.id } },
      body: {
        enabled,
        credential,
        ...(headers.trim() ? { headers: read.headers } : clears ? { headers: {} } : {}),
        ...(Object.keys(values).length > 0 ? { values } : {}),
        limits:
          timeout === '' && !limits?.max_result_bytes
            ? null
            : { timeout_ms: timeout === '' ? null : Number(timeout), max_result_bytes: limits?.max_result_bytes ?? null },
        allowed_users: allowed_users.length > 0 ? allowed_users : null,
      },
    });
  });
  return (
    <Modal opened onClose={onClose} title={t.title(server.name)} size="lg">
      <form onSubmit={send} autoComplete="off">
        <Stack>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <Switch label={t.enabled} {...form.getInputProps('enabled', { type: 'checkbox' })} />
          {server.catalogue === null ? (
            <>
              <Select
                label={t.credential}
                description={t.credentialHint}
                clearable
                searchable
                data={[
                  ...new Set([...(credentials.data?.items.map((credential) => credential.name) ?? []), ...(config.credential ? [config.credential] : [])]),
                ]}
                {...form.getInputProps('credential')}
              />
              <Textarea
                label={t.headers}
                description={t.headersHint(config.headers.join(', ') || strings.common.none)}
                autosize
                minRows={2}
                spellCheck={false}
                {...form.getInputProps('headers')}
              />
              {config.headers.length > 0 && <Checkbox label={t.clearHeaders} {...form.getInputProps('clears', { type: 'checkbox' })} />}
            </>
          ) : (
            asked.map((value) => (
              <PasswordInput
                key={value.name}
                label={value.name}
                description={value.description ?? t.valuesHint}
                placeholder={config.values.includes(value.name) ? t.stored : undefined}
                required={value.is_required && !config.values.includes(value.name)}
                autoComplete="off"
                value={values[value.name] ?? ''}
                onChange={(event) => setValues((former) => ({ ...former, [value.name]: event.currentTarget.value }))}
              />
            ))
          )}
          <NumberInput label={t.timeout} min={1} allowDecimal={false} {...form.getInputProps('timeout')} />
          <MultiSelect
            label={t.users}
            description={t.usersHint}
            searchable
            data={members.items.map((member) => ({ value: member.user_id, label: member.name }))}
            {...form.getInputProps('allowed_users')}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending}>
              {strings.common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

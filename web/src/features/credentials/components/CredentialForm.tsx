import { Alert, Button, Code, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useAgents } from '~/lib/agents';
import { $api } from '~/lib/client';
import { consentAddress, useIntegrations, useVendors } from '~/lib/integrations';
import { tellDone } from '~/lib/notify';
import { showFaults } from '~/lib/problem';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';
import { hostsOf, partsOf } from '../api/secret';
import { SecretInputs } from './SecretInputs';

const t = strings.credentials;
const fields = ['name', 'vendor', 'integration', 'scope', 'agent', 'auth_type', 'expires_at'];

type Purpose = keyof typeof t.purposes;

/** A new credential. One for OAuth goes on to where a person consents. */
export function CredentialForm({ integration, vendor, onClose }: { integration?: string; vendor?: string; onClose: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [secret, setSecret] = useState<Record<string, string>>({});
  const [purpose, setPurpose] = useState<Purpose>(integration ? 'integration' : 'vendor');
  const form = useForm({
    initialValues: {
      name: integration ?? vendor ?? '',
      integration: (integration ?? null) as string | null,
      vendor: (vendor ?? null) as string | null,
      auth_type: 'api_key',
      scope: 'tenant',
      agent: null as string | null,
      hosts: '',
      expires_at: '',
    },
  });
  const integrations = useIntegrations();
  const vendors = useVendors();
  const agents = useAgents();
  const chosen = purpose === 'integration' ? integrations.data?.items.find((entry) => entry.slug === form.values.integration) : undefined;
  const maker = purpose === 'vendor' ? vendors.data?.items.find((entry) => entry.id === form.values.vendor) : undefined;
  const type = (chosen?.auth_type ?? maker?.auth_type ?? form.values.auth_type).replace('none', 'api_key');
  const parts = partsOf(type, maker !== undefined && maker.base_url === null);
  const create = $api.useMutation('post', '/v1/credentials', {
    onSuccess: (made) => {
      void refresh('/v1/credentials');
      if (made.status === 'consent_needed' && made.integration) {
        window.location.assign(consentAddress(made.integration, made.id));
      } else {
        tellDone(t.made);
        onClose();
      }
    },
    onError: (error) => setProblem(showFaults(form, error, fields)),
  });
  const name = (key: 'integration' | 'vendor') => (value: string | null) => form.setValues({ [key]: value, name: form.values.name || (value ?? '') });
  const send = form.onSubmit((values) => {
    setProblem(null);
    if ((purpose === 'vendor' && !values.vendor) || (purpose === 'integration' && !values.integration)) {
      setProblem(t.pickPurpose);
    } else if (values.scope === 'agent' && !values.agent) {
      form.setFieldError('agent', t.pickAgent);
    } else {
      create.mutate({
        body: {
          name: values.name,
          secret: Object.fromEntries(parts.map((part) => [part, secret[part] ?? ''])),
          scope: values.scope,
          auth_type: type,
          agent: values.scope === 'agent' ? values.agent : null,
          vendor: purpose === 'vendor' ? values.vendor : null,
          integration: purpose === 'integration' ? values.integration : null,
          ...(purpose === 'other' ? { allowed_hosts: hostsOf(values.hosts) } : {}),
          expires_at: values.expires_at ? new Date(values.expires_at).toISOString() : null,
        },
      });
    }
  });
  return (
    <Modal opened onClose={onClose} title={t.create}>
      <form onSubmit={send} autoComplete="off">
        <Stack>
          {problem && (
            <Alert color="red" variant="outline" role="alert">
              {problem}
            </Alert>
          )}
          <SegmentedControl
            aria-label={t.purpose}
            value={purpose}
            onChange={(next) => setPurpose(next as Purpose)}
            data={(Object.keys(t.purposes) as Purpose[]).map((value) => ({ value, label: t.purposes[value] }))}
          />
          {purpose === 'vendor' && (
            <Select
              label={t.vendor}
              required
              searchable
              data={vendors.data?.items.filter((entry) => entry.auth_type !== 'none').map((entry) => ({ value: entry.id, label: entry.name })) ?? []}
              {...form.getInputProps('vendor')}
              onChange={name('vendor')}
            />
          )}
          {purpose === 'integration' && (
            <Select
              label={t.integration}
              required
              searchable
              data={integrations.data?.items.filter((entry) => entry.auth_type !== 'none').map((entry) => ({ value: entry.slug, label: entry.name })) ?? []}
              {...form.getInputProps('integration')}
              onChange={name('integration')}
            />
          )}
          {purpose === 'other' && (
            <>
              <Select
                label={t.kind}
                allowDeselect={false}
                data={['api_key', 'bearer_token', 'basic'].map((value) => ({ value, label: t.kinds[value] ?? value }))}
                {...form.getInputProps('auth_type')}
              />
              <Textarea label={t.hosts} description={t.hostsHint} required autosize {...form.getInputProps('hosts')} />
            </>
          )}
          {type === 'oauth2' && (
            <Text c="dimmed" component="div">
              {t.oauthHint} <Code>{`${window.location.origin}/v1/oauth/callback`}</Code>
            </Text>
          )}
          <TextInput label={t.name} description={t.nameHint} required {...form.getInputProps('name')} />
          <SecretInputs parts={parts} values={secret} onChange={(part, value) => setSecret((former) => ({ ...former, [part]: value }))} />
          <Select
            label={t.scope}
            allowDeselect={false}
            data={Object.entries(t.scopes).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps('scope')}
          />
          {form.values.scope === 'agent' && (
            <Select
              label={t.agent}
              required
              searchable
              data={agents.items.map((agent) => ({ value: agent.slug, label: agent.name }))}
              {...form.getInputProps('agent')}
            />
          )}
          <TextInput label={t.expires} description={t.expiresHint} type="datetime-local" {...form.getInputProps('expires_at')} />
          <Group justify="flex-end">
            <Button type="submit" loading={create.isPending}>
              {type === 'oauth2' ? t.consent : t.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

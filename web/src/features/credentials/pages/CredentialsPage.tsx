import { Alert, Button, Code, Text } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { DataTable } from '~/components/DataTable';
import { onDemand } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { CredentialView } from '~/generated/api';
import { useAgents } from '~/lib/agents';
import { client } from '~/lib/client';
import { usePages } from '~/lib/paged';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { CredentialMenu } from '../components/CredentialMenu';

const CredentialForm = onDemand(() => import('../components/CredentialForm').then((file) => file.CredentialForm));

const t = strings.credentials;
const looks: Record<string, string> = { active: 'succeeded', consent_needed: 'waiting', expired: 'failed' };

export function CredentialsPage() {
  const { add, integration, vendor, problem } = useSearch({ from: '/app/credentials' });
  const navigate = useNavigate({ from: '/credentials' });
  const may = useCan('credentials:write');
  const agents = useAgents();
  const list = usePages(['get', '/v1/credentials'], (cursor, signal) => client.GET('/v1/credentials', { params: { query: { limit: 50, cursor } }, signal }));
  const button = may && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => void navigate({ search: { add: true } })}>
      {t.create}
    </Button>
  );
  const scopeOf = (row: CredentialView) => {
    const scope = t.scopes[row.scope as keyof typeof t.scopes] ?? row.scope;
    return row.agent_id ? (agents.nameOf(row.agent_id) ?? scope) : scope;
  };
  return (
    <Page title={t.title} text={t.text} actions={list.data?.length ? button : null}>
      {problem && (
        <Alert
          color="red"
          variant="outline"
          role="alert"
          withCloseButton
          closeButtonLabel={strings.common.close}
          onClose={() => void navigate({ search: {}, replace: true })}
        >
          {t.consentProblems[problem] ?? t.consentFailed}
        </Alert>
      )}
      <Answered query={list}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={<IconKey size={40} aria-hidden />} title={t.empty} text={t.emptyText} action={button} />
          ) : (
            <DataTable<CredentialView>
              label={t.title}
              rows={rows}
              keyOf={(row) => row.id}
              more={list.more}
              columns={[
                {
                  id: 'name',
                  title: t.name,
                  cell: (row) => (
                    <div>
                      <Text>{row.name}</Text>
                      <Text size="xs" c="dimmed">
                        {row.vendor ?? row.integration ?? row.allowed_hosts.join(', ')}
                      </Text>
                    </div>
                  ),
                },
                {
                  id: 'status',
                  title: strings.common.status,
                  cell: (row) => <StatusBadge status={looks[row.status] ?? row.status} label={t.status[row.status]} />,
                },
                { id: 'kind', title: t.kind, secondary: true, cell: (row) => t.kinds[row.auth_type] ?? row.auth_type },
                { id: 'scope', title: t.scope, secondary: true, cell: scopeOf },
                { id: 'preview', title: t.preview, secondary: true, cell: (row) => (row.preview ? <Code>…{row.preview}</Code> : strings.common.none) },
                { id: 'expires', title: t.expires, secondary: true, cell: (row) => (row.expires_at ? <Time at={row.expires_at} /> : t.never) },
                { id: 'used', title: t.lastUsed, secondary: true, cell: (row) => (row.last_used_at ? <Time at={row.last_used_at} /> : t.never) },
                { id: 'actions', title: strings.common.actions, align: 'right', cell: (row) => <CredentialMenu credential={row} /> },
              ]}
            />
          )
        }
      </Answered>
      {add && may && <CredentialForm integration={integration} vendor={vendor} onClose={() => void navigate({ search: {}, replace: true })} />}
    </Page>
  );
}

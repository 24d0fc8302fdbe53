import { Alert, Button, Code, Group, Menu, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconDownload, IconShieldCheck, IconShieldX, IconTimeline } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { DataTable } from '~/components/DataTable';
import { FilterBar } from '~/components/FilterBar';
import { onDemand } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { AuditEntryView } from '~/generated/api';
import { $api } from '~/lib/client';
import { csv, download } from '~/lib/download';
import { json, shortId } from '~/lib/format';
import { tellProblem } from '~/lib/notify';
import { strings } from '~/lib/strings';
import { type AuditFilter, readAll, useAuditLog } from '../api/auditLog';
import { useMembers } from '../api/useMembers';

const AuditEntry = onDemand(() => import('../components/AuditEntry').then((file) => file.AuditEntry));

const t = strings.settings.audit;

export function AuditPage() {
  const filter = useSearch({ from: '/app/settings/audit' });
  const entries = useAuditLog(filter);
  const members = useMembers();
  const [open, setOpen] = useState<AuditEntryView | null>(null);
  const nameOf = (entry: AuditEntryView) =>
    members.data?.find((member) => member.user_id === entry.actor_id)?.name ?? (entry.actor_id ? shortId(entry.actor_id) : t.system);
  return (
    <Page
      title={strings.settings.parts.audit}
      text={t.text}
      actions={
        <>
          <Verify />
          <Export filter={filter} />
        </>
      }
    >
      <Filters filter={filter} people={members.data?.map((member) => ({ value: member.user_id, label: member.name })) ?? []} />
      <Answered query={entries} lines={10}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={<IconTimeline size={40} aria-hidden />} title={t.empty} text={t.emptyText} />
          ) : (
            <DataTable<AuditEntryView>
              label={strings.settings.parts.audit}
              rows={rows}
              keyOf={(row) => row.id}
              more={entries.more}
              columns={[
                { id: 'seq', title: t.number, secondary: true, cell: (row) => row.seq },
                { id: 'when', title: t.when, cell: (row) => <Time at={row.created_at} /> },
                { id: 'who', title: t.actor, cell: nameOf },
                { id: 'action', title: t.action, cell: (row) => <Code>{row.action}</Code> },
                { id: 'what', title: t.what, secondary: true, cell: (row) => `${row.resource_type} ${shortId(row.resource_id)}` },
                {
                  id: 'status',
                  title: strings.common.status,
                  secondary: true,
                  cell: (row) => <StatusBadge status={row.status === 'failure' ? 'failed' : row.status} />,
                },
                {
                  id: 'open',
                  title: t.details,
                  align: 'right',
                  cell: (row) => (
                    <Button variant="default" size="compact-sm" aria-label={t.open(row.seq)} onClick={() => setOpen(row)}>
                      {t.details}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Answered>
      {open && <AuditEntry entry={open} actor={nameOf(open)} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function Filters({ filter, people }: { filter: AuditFilter; people: { value: string; label: string }[] }) {
  const navigate = useNavigate({ from: '/settings/audit' });
  const set = (change: AuditFilter) => void navigate({ search: (former) => ({ ...former, ...change }), replace: true });
  const later = useDebouncedCallback(set, 300);
  return (
    <FilterBar filter={filter} onChange={set} onClear={() => void navigate({ search: {}, replace: true })}>
      <TextInput
        size="xs"
        label={t.action}
        placeholder={t.actionHint}
        defaultValue={filter.action}
        key={`a${filter.action === undefined}`}
        onChange={(event) => later({ action: event.currentTarget.value || undefined })}
      />
      <TextInput
        size="xs"
        label={t.resource}
        placeholder={t.resourceHint}
        defaultValue={filter.resource_type}
        key={`r${filter.resource_type === undefined}`}
        onChange={(event) => later({ resource_type: event.currentTarget.value || undefined })}
      />
      <Select
        size="xs"
        label={t.actor}
        data={people}
        value={filter.actor ?? null}
        clearable
        searchable
        onChange={(actor) => set({ actor: actor ?? undefined })}
      />
    </FilterBar>
  );
}

function Verify() {
  const verdict = $api.useQuery('get', '/v1/audit-logs/verify', {}, { enabled: false, gcTime: 0 });
  return (
    <Group gap="xs">
      {verdict.data && !verdict.isFetching && (
        <Alert
          p={6}
          variant="outline"
          color={verdict.data.valid ? 'teal' : 'red'}
          icon={verdict.data.valid ? <IconShieldCheck aria-hidden /> : <IconShieldX aria-hidden />}
          role="status"
        >
          {verdict.data.valid ? t.verified(verdict.data.entries) : t.broken(verdict.data.first_fault?.seq ?? 0)}
        </Alert>
      )}
      <Button
        variant="default"
        leftSection={<IconShieldCheck size={16} aria-hidden />}
        loading={verdict.isFetching}
        onClick={() => void verdict.refetch().then(({ error }) => error && tellProblem(error))}
      >
        {t.verify}
      </Button>
    </Group>
  );
}

const columns = [
  'seq',
  'created_at',
  'actor_kind',
  'actor_id',
  'action',
  'resource_type',
  'resource_id',
  'status',
  'ip',
  'old_values',
  'new_values',
  'prev_hash',
  'hash',
] as const;

function Export({ filter }: { filter: AuditFilter }) {
  const [rows, setRows] = useState(0);
  const write = useMutation({
    mutationFn: async (kind: 'csv' | 'json') => {
      const entries = await readAll(filter, setRows);
      const name = `audit-${new Date().toISOString().slice(0, 10)}.${kind}`;
      download(name, kind === 'csv' ? 'text/csv' : 'application/json', kind === 'csv' ? csv(entries, columns) : json(entries));
    },
    onError: tellProblem,
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} disabled={write.isPending}>
          {write.isPending ? t.exporting(rows) : t.exportAs}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => write.mutate('csv')}>CSV</Menu.Item>
        <Menu.Item onClick={() => write.mutate('json')}>JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

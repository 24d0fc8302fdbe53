import { Code, Select, Text } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { DataTable } from '~/components/DataTable';
import { FilterBar } from '~/components/FilterBar';
import { TextLink } from '~/components/LinkButton';
import { Page } from '~/components/Page';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { LedgerEntry } from '~/generated/api';
import { useAgents } from '~/lib/agents';
import { count, money, shortId } from '~/lib/format';
import { useMembers } from '~/lib/members';
import { strings } from '~/lib/strings';
import { type LedgerFilter, useLedger } from '../api/useLedger';

const t = strings.usage.ledger;

export function LedgerPage() {
  const filter = useSearch({ from: '/app/usage/ledger' });
  const entries = useLedger(filter);
  const agents = useAgents();
  const members = useMembers();
  return (
    <Page title={t.title} text={t.text} actions={<TextLink to="/usage">{t.back}</TextLink>}>
      <Filters filter={filter} />
      <Answered query={entries} lines={8}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={<IconReceipt size={40} aria-hidden />} title={t.empty} />
          ) : (
            <DataTable<LedgerEntry>
              label={t.title}
              rows={rows}
              keyOf={(row) => row.id}
              more={entries.more}
              columns={[
                { id: 'when', title: t.when, cell: (row) => <Time at={row.occurred_at} /> },
                {
                  id: 'service',
                  title: t.service,
                  cell: (row) => (
                    <div>
                      <Code>{row.service}</Code>
                      {(row.is_estimated || row.reason) && (
                        <Text size="xs" c="dimmed">
                          {row.reason ? t.reversal(row.reason) : t.estimated}
                        </Text>
                      )}
                    </div>
                  ),
                },
                { id: 'agent', title: t.agent, secondary: true, cell: (row) => (row.agent_id ? (agents.nameOf(row.agent_id) ?? shortId(row.agent_id)) : '–') },
                { id: 'who', title: t.who, secondary: true, cell: (row) => (row.user_id ? (members.nameOf(row.user_id) ?? shortId(row.user_id)) : '–') },
                {
                  id: 'run',
                  title: t.run,
                  secondary: true,
                  cell: (row) =>
                    row.run_id ? (
                      <TextLink to="/runs/$id" params={{ id: row.run_id }}>
                        {shortId(row.run_id)}
                      </TextLink>
                    ) : (
                      '–'
                    ),
                },
                { id: 'input', title: t.input, secondary: true, align: 'right', cell: (row) => count(row.tokens_prompt) },
                { id: 'output', title: t.output, secondary: true, align: 'right', cell: (row) => count(row.tokens_completion) },
                { id: 'units', title: t.units, secondary: true, align: 'right', cell: (row) => count(row.units) },
                { id: 'cost', title: t.cost, align: 'right', cell: (row) => money(row.cost_micros, row.currency) },
              ]}
            />
          )
        }
      </Answered>
    </Page>
  );
}

function Filters({ filter }: { filter: LedgerFilter }) {
  const navigate = useNavigate({ from: '/usage/ledger' });
  const agents = useAgents();
  const members = useMembers();
  const set = (change: LedgerFilter) => void navigate({ search: (former) => ({ ...former, ...change }), replace: true });
  return (
    <FilterBar filter={filter} onChange={set} onClear={() => void navigate({ search: {}, replace: true })}>
      <Select
        size="xs"
        label={t.agent}
        clearable
        searchable
        data={agents.items.map((agent) => ({ value: agent.id, label: agent.name }))}
        value={filter.agent ?? null}
        onChange={(agent) => set({ agent: agent ?? undefined })}
      />
      <Select
        size="xs"
        label={t.who}
        clearable
        searchable
        data={members.items.map((member) => ({ value: member.user_id, label: member.name }))}
        value={filter.user ?? null}
        onChange={(user) => set({ user: user ?? undefined })}
      />
    </FilterBar>
  );
}

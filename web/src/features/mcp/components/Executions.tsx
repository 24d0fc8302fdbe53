import { Alert, Button, Card, Code, Drawer, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { DataTable } from '~/components/DataTable';
import { JsonView } from '~/components/JsonView';
import { TextLink } from '~/components/LinkButton';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered } from '~/components/states';
import { Time } from '~/components/Time';
import type { ToolExecutionView } from '~/generated/api';
import { useAgents } from '~/lib/agents';
import { duration, shortId } from '~/lib/format';
import { strings } from '~/lib/strings';
import { useExecutions } from '../api/useExecutions';

const t = strings.mcp.executions;

/** The calls that models asked for, of skills, agents and MCP tools alike. */
export function Executions() {
  const executions = useExecutions();
  const { nameOf } = useAgents();
  const [open, setOpen] = useState<ToolExecutionView | null>(null);
  return (
    <Card withBorder component="section">
      <Stack gap="sm">
        <Title order={2}>{t.title}</Title>
        <Answered query={executions} lines={3}>
          {(rows) =>
            rows.length === 0 ? (
              <Text c="dimmed">{t.empty}</Text>
            ) : (
              <DataTable<ToolExecutionView>
                label={t.title}
                rows={rows}
                keyOf={(row) => row.id}
                more={executions.more}
                columns={[
                  { id: 'status', title: strings.common.status, cell: (row) => <StatusBadge status={row.status} /> },
                  { id: 'tool', title: t.tool, cell: (row) => <Code>{row.tool_name}</Code> },
                  { id: 'agent', title: t.agent, secondary: true, cell: (row) => nameOf(row.agent_id) ?? shortId(row.agent_id) },
                  { id: 'when', title: t.when, cell: (row) => <Time at={row.started_at} /> },
                  {
                    id: 'duration',
                    title: t.duration,
                    secondary: true,
                    align: 'right',
                    cell: (row) => (row.duration_ms === null ? strings.common.none : duration(row.duration_ms)),
                  },
                  {
                    id: 'open',
                    title: t.open,
                    align: 'right',
                    cell: (row) => (
                      <Button variant="default" size="compact-sm" aria-label={t.openOf(row.tool_name)} onClick={() => setOpen(row)}>
                        {t.open}
                      </Button>
                    ),
                  },
                ]}
              />
            )
          }
        </Answered>
      </Stack>
      <Drawer opened={open !== null} onClose={() => setOpen(null)} position="right" size="lg" title={open?.tool_name}>
        {open && (
          <Stack>
            <StatusBadge status={open.status} />
            {open.error_message && (
              <Alert color="red" variant="outline">
                {open.error_message}
              </Alert>
            )}
            <TextLink to="/runs/$id" params={{ id: open.run_id }}>
              {t.run}
            </TextLink>
            <JsonView label={t.input} value={open.input} />
            <JsonView label={t.output} value={open.output} />
          </Stack>
        )}
      </Drawer>
    </Card>
  );
}

import { Card, Grid, Group, Stack, Text, Title } from '@mantine/core';
import { GraphView } from '~/components/graph';
import { LinkButton, TextLink } from '~/components/LinkButton';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered } from '~/components/states';
import { Time } from '~/components/Time';
import type { AgentVersionView, AgentView } from '~/generated/api';
import { $api } from '~/lib/client';
import { readGraph } from '~/lib/graph';
import { strings } from '~/lib/strings';
import { RunTicks, successOf } from './RunTicks';

const t = strings.agents;

/** Does it work, and what does it do. */
export function Overview({ agent, version }: { agent: AgentView; version: AgentVersionView | undefined }) {
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Card withBorder component="section">
          <Stack gap="xs">
            <Title order={2}>{t.graph}</Title>
            {version ? <GraphView graph={readGraph(version.graph)} layoutKey={version.id} height={340} label={t.graph} /> : <Text c="dimmed">{t.noGraph}</Text>}
          </Stack>
        </Card>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Stack>
          <Recent agent={agent} />
          <Starts agent={agent} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

function Recent({ agent }: { agent: AgentView }) {
  const runs = $api.useQuery('get', '/v1/runs', { params: { query: { agent: agent.slug, test: false, limit: 40 } } }, { refetchInterval: 10_000 });
  return (
    <Card withBorder component="section">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2}>{t.recent}</Title>
          <LinkButton to="/runs" search={{ agent: agent.slug }} variant="default" size="xs">
            {t.allRuns}
          </LinkButton>
        </Group>
        <Answered query={runs} lines={1}>
          {({ items }) => {
            const success = successOf(items);
            return items.length === 0 ? (
              <Text c="dimmed">{t.noRuns}</Text>
            ) : (
              <>
                <RunTicks runs={items} />
                {success && <Text c="dimmed">{t.successOf(success.percent, success.of)}</Text>}
              </>
            );
          }}
        </Answered>
      </Stack>
    </Card>
  );
}

function Starts({ agent }: { agent: AgentView }) {
  const triggers = $api.useQuery('get', '/v1/agents/{agent}/triggers', { params: { path: { agent: agent.slug }, query: { limit: 20 } } });
  return (
    <Card withBorder component="section">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2}>{t.nextTimes}</Title>
          <LinkButton to="/agents/$agent/triggers" params={{ agent: agent.slug }} variant="default" size="xs">
            {t.addTrigger}
          </LinkButton>
        </Group>
        <Answered query={triggers} lines={2}>
          {({ items }) =>
            items.length === 0 ? (
              <Text c="dimmed">{t.noTriggers}</Text>
            ) : (
              items.map((trigger) => (
                <Group key={trigger.id} justify="space-between">
                  <TextLink to="/agents/$agent/triggers" params={{ agent: agent.slug }}>
                    {trigger.name}
                  </TextLink>
                  <Text c="dimmed" component="div" size="sm">
                    {!trigger.is_enabled ? (
                      <StatusBadge status="canceled" label="off" />
                    ) : trigger.next_fire_at ? (
                      <>
                        {t.next} <Time at={trigger.next_fire_at} />
                      </>
                    ) : (
                      strings.triggers.kinds[trigger.kind]
                    )}
                  </Text>
                </Group>
              ))
            )
          }
        </Answered>
      </Stack>
    </Card>
  );
}

import { Alert, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconRocket } from '@tabler/icons-react';
import { BarsByTime } from '~/components/BarsByTime';
import { LinkButton, TextLink } from '~/components/LinkButton';
import { Page } from '~/components/Page';
import { Answered, Empty } from '~/components/states';
import { Time } from '~/components/Time';
import type { RunSummary } from '~/generated/api';
import { useAgents } from '~/lib/agents';
import { $api } from '~/lib/client';
import { count, shortId } from '~/lib/format';
import { strings } from '~/lib/strings';
import { useNow } from '~/lib/useNow';
import { failures, hours, outcomes, within } from '../api/stats';
import { useNext } from '../api/useNext';
import { useRecentRuns } from '../api/useRecentRuns';
import { HomeFigures } from '../components/Figures';
import { Panel } from '../components/Panel';

const t = strings.home;
const colors = { succeeded: 'teal.6', failed: 'red.6', canceled: 'gray.6', open: 'blue.5' };
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hour12: false });

/** Is everything all right? */
export function HomePage() {
  const recent = useRecentRuns();
  const now = useNow(60_000);
  return (
    <Page title={t.title} text={t.text}>
      <Answered query={recent} lines={8}>
        {({ runs, isCapped }) => (
          <>
            {runs.length === 0 ? (
              <Empty
                icon={<IconRocket size={40} aria-hidden />}
                title={t.start}
                text={t.startText}
                action={<LinkButton to="/gallery">{t.toGallery}</LinkButton>}
              />
            ) : (
              <>
                {isCapped && <Alert variant="outline">{t.capped(count(runs.length))}</Alert>}
                <HomeFigures runs={runs} now={now} />
                <Panel title={t.chart}>
                  <BarsByTime
                    label={t.chart}
                    rows={hours(runs, now)}
                    at="hour"
                    series={outcomes.map((name) => ({ name, label: t.states[name], color: colors[name] }))}
                    format={count}
                    formatAt={(hour) => clock.format(new Date(hour))}
                    height={200}
                  />
                </Panel>
              </>
            )}
            <SimpleGrid cols={{ base: 1, lg: runs.length > 0 ? 3 : 2 }}>
              {runs.length > 0 && <Failed runs={within(runs, now - 86_400_000, now + 86_400_000)} />}
              <Waiting />
              <Next />
            </SimpleGrid>
          </>
        )}
      </Answered>
    </Page>
  );
}

function Failed({ runs }: { runs: RunSummary[] }) {
  const { nameOf } = useAgents();
  const found = failures(runs).slice(0, 8);
  return (
    <Panel
      title={t.failed}
      beside={
        found.length > 0 && (
          <TextLink to="/runs" search={{ status: 'failed' }} aria-label={`${t.all}: ${t.failed}`}>
            {t.all}
          </TextLink>
        )
      }
    >
      {found.length === 0 && <Text c="dimmed">{t.failedNone}</Text>}
      <Stack gap="xs">
        {found.map(({ agentId, code, count: times, latest }) => (
          <Group key={`${agentId} ${code}`} justify="space-between" wrap="nowrap" align="flex-start">
            <div style={{ minWidth: 0 }}>
              <TextLink to="/runs/$id" params={{ id: latest.id }}>
                {nameOf(agentId) ?? shortId(agentId)}
              </TextLink>
              <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {code ?? t.unknownError}
              </Text>
            </div>
            <Text size="xs" c="dimmed" ta="right" component="div">
              {t.times(times)}
              <br />
              {t.last} <Time at={latest.finished_at ?? latest.queued_at} />
            </Text>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}

function Waiting() {
  const approvals = $api.useQuery('get', '/v1/approvals', { params: { query: { status: 'pending', limit: 8 } } }, { refetchInterval: 15_000 });
  return (
    <Panel title={t.waits} beside={approvals.data?.items.length ? <TextLink to="/approvals">{t.waitsAll}</TextLink> : null}>
      <Answered query={approvals} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed">{t.waitsNone}</Text>
          ) : (
            <Stack gap="xs">
              {items.map((approval) => (
                <Group key={approval.id} justify="space-between" wrap="nowrap" align="flex-start">
                  <TextLink to="/runs/$id" params={{ id: approval.run_id }} search={{ step: approval.node_id }}>
                    {approval.title}
                  </TextLink>
                  <Text size="xs" c="dimmed" component="div">
                    <Time at={approval.created_at} />
                  </Text>
                </Group>
              ))}
            </Stack>
          )
        }
      </Answered>
    </Panel>
  );
}

function Next() {
  const next = useNext();
  return (
    <Panel title={t.next}>
      {next.length === 0 ? (
        <Text c="dimmed">{t.nextNone}</Text>
      ) : (
        <Stack gap="xs">
          {next.map(({ trigger, agent, at }) => (
            <Group key={trigger.id} justify="space-between" wrap="nowrap" align="flex-start">
              <div style={{ minWidth: 0 }}>
                <TextLink to="/agents/$agent/triggers" params={{ agent: agent.slug }}>
                  {agent.name}
                </TextLink>
                <Text size="xs" c="dimmed">
                  {trigger.name}
                </Text>
              </div>
              <Text size="xs" c="dimmed" component="div">
                <Time at={at} />
              </Text>
            </Group>
          ))}
        </Stack>
      )}
    </Panel>
  );
}

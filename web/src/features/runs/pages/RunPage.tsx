import { Alert, Code, Grid, Group, Paper, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconListDetails } from '@tabler/icons-react';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { GraphView } from '~/components/graph';
import { JsonView } from '~/components/JsonView';
import { LinkButton, TextLink } from '~/components/LinkButton';
import { LiveSign } from '~/components/LiveSign';
import { onDemand } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered, Empty, Loading } from '~/components/states';
import type { RunView } from '~/generated/api';
import { useAgents } from '~/lib/agents';
import { $api } from '~/lib/client';
import { shortId } from '~/lib/format';
import { readGraph, skillSlug } from '~/lib/graph';
import { runViews } from '~/lib/search';
import { strings } from '~/lib/strings';
import { versionQuery } from '../api/readAhead';
import type { Step } from '../api/steps';
import { isOver, useLiveRun } from '../api/useLiveRun';
import { RateRun } from '../components/RateRun';
import { RunActions } from '../components/RunActions';
import { RunFacts } from '../components/RunFacts';

const StepPanel = onDemand(() => import('../components/StepPanel').then((file) => file.StepPanel), <Loading />);
const StepDrawer = onDemand(() => import('../components/StepDrawer').then((file) => file.StepDrawer));
const StepTable = onDemand(() => import('../components/StepRows').then((file) => file.StepTable), <Loading lines={8} />);
const Timeline = onDemand(() => import('../components/StepRows').then((file) => file.Timeline), <Loading lines={8} />);
const ForkDialog = onDemand(() => import('../components/ForkDialog').then((file) => file.ForkDialog));

const t = strings.runs;

export function RunPage() {
  const { id } = useParams({ from: '/app/runs/$id' });
  return <LiveRun key={id} id={id} />;
}

function LiveRun({ id }: { id: string }) {
  const { run, steps, stepsQuery, stream } = useLiveRun(id);
  return (
    <Answered query={run} lines={8}>
      {(found) => <Run run={found} steps={steps} stored={stepsQuery} stream={<LiveSign state={stream} />} />}
    </Answered>
  );
}

interface RunProps {
  run: RunView;
  steps: Step[];
  stored: UseQueryResult<Step[]>;
  stream: React.ReactNode;
}

function Run({ run, steps, stored, stream }: RunProps) {
  const { view = 'graph', step: chosen } = useSearch({ from: '/app/runs/$id' });
  const navigate = useNavigate({ from: '/runs/$id' });
  const { nameOf } = useAgents();
  const [fork, setFork] = useState<{ from: string | null } | null>(null);
  const narrow = useMediaQuery('(max-width: 62em)');
  const version = useQuery(versionQuery(run));
  const select = useCallback((step: string | undefined) => void navigate({ search: (former) => ({ ...former, step }), replace: true }), [navigate]);
  const step = steps.find((one) => one.key === chosen);
  const agent = nameOf(run.agent_id) ?? shortId(run.agent_id);
  const error = run.error as { message?: string; code?: string; node?: string } | null;
  const panel = chosen && (
    <StepPanel run={run} node={step?.node_id ?? chosen} step={step} onFork={(node) => setFork({ from: node })} onClose={() => select(undefined)} />
  );
  return (
    <Page
      title={t.one(agent)}
      beside={
        <>
          <StatusBadge status={run.status} />
          {stream}
        </>
      }
      text={<RunFacts run={run} version={version.data?.semantic_version} />}
      actions={
        <>
          {isOver(run.status) && <RateRun run={run} title={t.one(agent)} />}
          <RunActions run={run} onReplay={() => setFork({ from: null })} />
        </>
      }
    >
      {error && run.status === 'failed' && (
        <Alert color="red" variant="outline" title={error.message ?? error.code} role="alert">
          <Group gap="xs">
            {error.code && <Code>{error.code}</Code>}
            {error.node && (
              <TextLink to="/runs/$id" params={{ id: run.id }} search={(former) => ({ ...former, step: error.node })}>
                {t.step}: {error.node}
              </TextLink>
            )}
          </Group>
        </Alert>
      )}
      {run.status === 'waiting' && <Waiting run={run.id} />}
      <SegmentedControl
        aria-label={t.view}
        value={view}
        onChange={(next) => void navigate({ search: (former) => ({ ...former, view: next as (typeof runViews)[number] }), replace: true })}
        data={runViews.map((name) => ({ value: name, label: t.views[name] }))}
        style={{ alignSelf: 'flex-start' }}
      />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: panel && !narrow ? 7 : 12 }}>
          <Stack>
            {view === 'graph' ? (
              <RunGraph run={run} steps={steps} graph={version.data?.graph} failed={version.isError} selected={chosen} onSelect={select} />
            ) : steps.length === 0 ? (
              <Answered query={stored} lines={8}>
                {() => <Empty icon={<IconListDetails size={40} aria-hidden />} title={t.noSteps} text={t.noStepsText} />}
              </Answered>
            ) : view === 'timeline' ? (
              <Timeline steps={steps} selected={chosen} onSelect={select} from={run.started_at} to={run.finished_at} />
            ) : (
              <StepTable steps={steps} selected={chosen} onSelect={select} />
            )}
            <Grid>
              <Grid.Col span={{ base: 12, sm: 6 }}>
                <JsonView label={t.input} value={run.input} />
              </Grid.Col>
              {isOver(run.status) && run.output !== null && (
                <Grid.Col span={{ base: 12, sm: 6 }}>
                  <JsonView label={t.output} value={run.output} />
                </Grid.Col>
              )}
            </Grid>
          </Stack>
        </Grid.Col>
        {panel && !narrow && (
          <Grid.Col span={5}>
            <Paper withBorder p="md" component="aside" aria-label={t.step}>
              {panel}
            </Paper>
          </Grid.Col>
        )}
      </Grid>
      {narrow && panel && <StepDrawer onClose={() => select(undefined)}>{panel}</StepDrawer>}
      {fork && <ForkDialog run={run} from={fork.from} onClose={() => setFork(null)} />}
    </Page>
  );
}

interface RunGraphProps {
  run: RunView;
  steps: Step[];
  graph: unknown;
  failed: boolean;
  selected: string | undefined;
  onSelect: (step: string) => void;
}

function RunGraph({ run, steps, graph, failed, selected, onSelect }: RunGraphProps) {
  const read = useMemo(() => readGraph(graph), [graph]);
  const statusOf = useMemo(() => {
    const own = new Map(steps.filter((step) => !step.path).map((step) => [step.node_id, step]));
    const inside = Map.groupBy(
      steps.filter((step) => step.path),
      (step) => step.path?.split('[')[0] ?? '',
    );
    const skillOf = new Map(read.nodes.map((node) => [node.id, skillSlug(node.skill)]));
    return (id: string) => {
      const body = inside.get(id);
      return {
        status: own.get(id)?.status ?? (body ? 'running' : isOver(run.status) ? 'skipped' : undefined),
        detail: body ? t.inBody(body.filter((step) => step.finished_at).length, body.length) : skillOf.get(id),
      };
    };
  }, [steps, read, run.status]);
  if (failed) {
    return <Text c="dimmed">{t.noGraph}</Text>;
  }
  return graph === undefined ? (
    <Loading lines={6} />
  ) : (
    <GraphView
      graph={read}
      layoutKey={run.agent_version_id}
      height="min(52vh, 480px)"
      label={t.views.graph}
      statusOf={statusOf}
      selected={selected}
      onSelect={onSelect}
    />
  );
}

/** When it is a person that the run waits for, this is the way to the decision. */
function Waiting({ run }: { run: string }) {
  const pending = $api.useQuery('get', '/v1/approvals', { params: { query: { run, status: 'pending' } } });
  return pending.data?.items.length ? (
    <Alert variant="outline" color="yellow" title={pending.data.items.map((approval) => approval.title).join(', ')}>
      <Group justify="space-between">
        <Text>{t.waitsFor}</Text>
        <LinkButton to="/approvals" size="xs">
          {t.decide}
        </LinkButton>
      </Group>
    </Alert>
  ) : null;
}

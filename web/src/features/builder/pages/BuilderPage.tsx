import { Alert, Group, Kbd, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { keepPreviousData } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { arrange, nodeWidth } from '~/components/graph/layout';
import { TextLink } from '~/components/LinkButton';
import { Page } from '~/components/Page';
import { Answered, Failed, Loading } from '~/components/states';
import type { AgentVersionView, AgentView } from '~/generated/api';
import { $api } from '~/lib/client';
import type { Graph } from '~/lib/graph';
import { tellProblem } from '~/lib/notify';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { addNode, connect, move, type Point, removeEdges, removeNodes } from '../api/document';
import { type Builder, useBuilder } from '../api/useBuilder';
import { type StoredDraft, useStoredDraft } from '../api/useDraft';
import { ScopeProvider, useScopeOf } from '../api/useEvaluated';
import { useLatestSteps, useTestRun } from '../api/useTestRun';
import { Bar, Conflict, SaveSign } from '../components/Bar';
import classes from '../components/Builder.module.css';
import { Canvas } from '../components/Canvas';
import { Inspector } from '../components/Inspector';
import { LastRun } from '../components/LastRun';
import { Palette } from '../components/Palette';
import { RunMenu } from '../components/RunMenu';
import { useBuilderKeys } from '../components/useBuilderKeys';
import { YamlPane } from '../components/YamlPane';

const t = strings.builder;

export function BuilderPage() {
  const { agent: slug } = useParams({ from: '/app/agents/$agent/edit' });
  const agent = $api.useQuery('get', '/v1/agents/{agent}', { params: { path: { agent: slug } } });
  return <Answered query={agent}>{(found) => <WithVersion agent={found} />}</Answered>;
}

function WithVersion({ agent }: { agent: AgentView }) {
  const id = agent.latest_version_id;
  const version = $api.useQuery(
    'get',
    '/v1/agents/{agent}/versions/{version}',
    { params: { path: { agent: agent.id, version: id ?? '' } } },
    { enabled: id !== null, staleTime: Number.POSITIVE_INFINITY, placeholderData: keepPreviousData },
  );
  const draft = useStoredDraft(agent);
  const failed = version.isError ? version : draft.isError ? draft : null;
  if (draft.data === undefined || (id !== null && !version.data)) {
    return failed ? <Failed error={failed.error} onRetry={() => void failed.refetch()} /> : <Loading lines={10} />;
  }
  return (
    <ReactFlowProvider>
      <Build key={agent.id} agent={agent} version={version.data} stored={draft.data} />
    </ReactFlowProvider>
  );
}

const nobody: ReadonlySet<string> = new Set();
const noStates: ReadonlyMap<string, string> = new Map();

function Build({ agent, version, stored }: { agent: AgentView; version: AgentVersionView | undefined; stored: StoredDraft | null }) {
  const builder = useBuilder(agent, version, stored);
  const { graph, change } = builder;
  const editable = useCan('agents:write');
  const { node: first } = useSearch({ from: '/app/agents/$agent/edit' });
  const navigate = useNavigate({ from: '/agents/$agent/edit' });
  const flow = useReactFlow();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => (first ? new Set([first]) : nobody));
  const [showsYaml, yaml] = useDisclosure();
  const choose = useCallback(
    (ids: ReadonlySet<string>) => {
      setChosen(ids);
      const [only] = ids;
      void navigate({ search: (former) => ({ ...former, node: ids.size === 1 ? only : undefined }), replace: true });
    },
    [navigate],
  );
  const mayRun = useCan('runs:execute');
  const tests = useTestRun(agent.slug, builder.flush);
  const latest = useLatestSteps(agent.slug);
  const [showsLast, last] = useDisclosure(true);
  const place = useArranged(builder);

  const add = (skill: string, at: Point, after?: string) => {
    const { graph: added, id } = addNode(graph, skill, at);
    const connected = after ? connect(added, after, id) : added;
    change(typeof connected === 'string' ? added : connected);
    choose(new Set([id]));
  };
  const pick = (skill: string) => {
    const [only] = chosen.size === 1 ? chosen : [];
    const before = graph.nodes.find((node) => node.id === only)?.position ?? graph.nodes.at(-1)?.position ?? { x: -nodeWidth - 72, y: 0 };
    add(skill, { x: before.x + nodeWidth + 72, y: before.y }, only);
    setTimeout(() => void flow.fitView({ maxZoom: 1, padding: 0.15, duration: 120 }), 50);
  };
  const link = (from: string, to: string) => {
    const connected = connect(graph, from, to);
    if (typeof connected === 'string') {
      tellProblem({ code: connected, detail: t[connected] });
    } else {
      change(connected);
    }
  };
  const jump = (id: string) => {
    choose(new Set([id]));
    void flow.fitView({ nodes: [{ id }], maxZoom: 1, duration: 120 });
  };
  const [only] = chosen.size === 1 ? chosen : [];
  const node = graph.nodes.find((one) => one.id === only);
  const scope = useScopeOf(agent.slug, graph, node?.id, latest.steps, builder.pinned, latest.input);
  useBuilderKeys(
    builder,
    chosen,
    choose,
    editable,
    mayRun && editable ? () => void tests.start(node ? { kind: 'only', node: node.id } : { kind: 'whole', input: latest.input }) : null,
  );
  const latestGraph = useRef(graph);
  latestGraph.current = graph;
  const onFrames = useCallback((reframe: (told: Graph) => Graph, merge?: string) => change(reframe(latestGraph.current), merge), [change]);
  const hasDrawer = showsLast && node !== undefined;
  return (
    <Page
      title={t.title(agent.name)}
      text={
        <Group gap="sm">
          <span>{version ? t.basedOn(version.semantic_version) : ''}</span>
          <SaveSign builder={builder} />
          {tests.run && (
            <TextLink to="/runs/$id" params={{ id: tests.run.id }}>
              {t.testIs(tests.run.status)}
            </TextLink>
          )}
        </Group>
      }
      actions={
        <Bar
          agent={agent}
          builder={builder}
          editable={editable}
          onArrange={place}
          onYaml={yaml.toggle}
          showsYaml={showsYaml}
          onJump={jump}
          showsLast={showsLast}
          onLast={last.toggle}
          run={mayRun && editable && <RunMenu tests={tests} node={node?.id} input={latest.input} disabled={graph.nodes.length === 0} />}
        />
      }
    >
      <Conflict builder={builder} />
      {builder.isStale && (
        <Alert color="yellow" variant="outline">
          {t.stale}
        </Alert>
      )}
      {!editable && <Text c="dimmed">{t.mayNot}</Text>}
      <div className={classes.frame} data-drawer={hasDrawer || undefined}>
        {editable ? <Palette onPick={pick} /> : <div />}
        <Canvas
          graph={graph}
          problems={builder.problems}
          chosen={chosen}
          states={tests.run?.nodes ?? noStates}
          pinned={builder.pinned}
          editable={editable}
          onChoose={choose}
          onMove={(places, merge) => change(move(graph, places), merge)}
          onConnect={link}
          onRemove={(nodes, edges) => {
            change(removeEdges(removeNodes(graph, nodes), edges));
            choose(nobody);
          }}
          onDrop={add}
          onFrames={onFrames}
        />
        <aside className={classes.inspector} aria-label={showsYaml ? t.yaml : t.inspector}>
          {showsYaml ? (
            <YamlPane graph={graph} readOnly={!editable} onChange={change} />
          ) : node ? (
            <ScopeProvider value={scope}>
              <Inspector
                key={node.id}
                graph={graph}
                node={node}
                problems={builder.problems}
                readOnly={!editable}
                onChange={change}
                onChoose={(id) => choose(id ? new Set([id]) : nobody)}
              />
            </ScopeProvider>
          ) : (
            <Stack gap="xs">
              <Text c="dimmed">{t.nothingChosen}</Text>
              <Text c="dimmed">{t.copyHint}</Text>
              {t.keys.map(([key, does]) => (
                <Text key={key} size="sm" c="dimmed">
                  <Kbd size="xs">{key}</Kbd> {does}
                </Text>
              ))}
            </Stack>
          )}
        </aside>
        {hasDrawer && (
          <LastRun
            node={node.id}
            step={latest.steps.get(node.id)}
            pinned={builder.pinned[node.id]}
            readOnly={!editable}
            onPin={(output) => builder.pin(node.id, output)}
            onClose={last.close}
          />
        )}
      </div>
    </Page>
  );
}

/** Gives nodes their places where they have none, as in graphs that were written as text. */
function useArranged({ graph, change, layOut }: Builder) {
  const flow = useReactFlow();
  const latest = useRef(graph);
  latest.current = graph;
  const placed = useCallback(async () => {
    const places = await arrange(graph, 'RIGHT');
    setTimeout(() => void flow.fitView({ maxZoom: 1, padding: 0.15 }), 50);
    // Meanwhile somebody may have gone on: what they did stays.
    return move(latest.current, places);
  }, [graph, flow]);
  const isUnplaced = graph.nodes.length > 0 && graph.nodes.every((node) => node.position === undefined);
  useEffect(() => {
    if (isUnplaced) {
      void placed().then(layOut);
    }
  }, [isUnplaced, placed, layOut]);
  return useCallback(() => void placed().then((done) => change(done, 'arrange')), [placed, change]);
}

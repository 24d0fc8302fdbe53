import { Badge, Code, Group, ScrollArea, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { JsonView } from '~/components/JsonView';
import { LinkButton } from '~/components/LinkButton';
import { Page } from '~/components/Page';
import { Answered } from '~/components/states';
import type { AgentVersionDiff, AgentVersionView, JsonChange } from '~/generated/api';
import { $api } from '~/lib/client';
import { readGraph } from '~/lib/graph';
import { strings } from '~/lib/strings';
import { type Change, compared } from '../api/diff';
import classes from '../components/Builder.module.css';
import { DiffCanvas } from '../components/DiffCanvas';

const t = strings.builder;

/** What changed from one version to another, on the canvas and field by field. */
export function DiffPage() {
  const { agent, a, b } = useParams({ from: '/app/agents/$agent/diff/$a/$b' });
  const diff = $api.useQuery('get', '/v1/agents/{agent}/versions/{from}/diff/{to}', { params: { path: { agent, from: a, to: b } } });
  const before = $api.useQuery('get', '/v1/agents/{agent}/versions/{version}', { params: { path: { agent, version: a } } });
  const after = $api.useQuery('get', '/v1/agents/{agent}/versions/{version}', { params: { path: { agent, version: b } } });
  return (
    <Page
      title={t.diffTitle(a, b)}
      text={t.diffText}
      actions={
        <>
          <LinkButton variant="default" to="/agents/$agent/diff/$a/$b" params={{ agent, a: b, b: a }}>
            {t.swap}
          </LinkButton>
          <LinkButton variant="default" to="/agents/$agent/versions" params={{ agent }}>
            {t.backToVersions}
          </LinkButton>
        </>
      }
    >
      <Answered query={diff}>
        {(found) => (
          <Answered query={before}>
            {(old) => <Answered query={after}>{(now) => <Differences key={`${a} ${b}`} diff={found} before={old} after={now} />}</Answered>}
          </Answered>
        )}
      </Answered>
    </Page>
  );
}

function Differences({ diff, before, after }: { diff: AgentVersionDiff; before: AgentVersionView; after: AgentVersionView }) {
  const found = useMemo(() => compared(readGraph(before.graph), readGraph(after.graph), diff.graph), [before, after, diff]);
  const [chosen, choose] = useState<string | undefined>(() => [...found.nodes.keys()][0]);
  const changes = chosen ? found.changes.get(chosen) : undefined;
  const become = chosen ? found.nodes.get(chosen) : undefined;
  const node = found.graph.nodes.find(({ id }) => id === chosen);
  return (
    <div className={classes.compare}>
      <DiffCanvas compared={found} layoutKey={`${before.id} ${after.id}`} selected={chosen} onSelect={choose} />
      <ScrollArea type="auto" viewportProps={{ tabIndex: 0, 'aria-label': t.differences, role: 'region' }}>
        <Stack>
          {diff.is_same && <Text>{t.sameVersions}</Text>}
          {found.nodes.size > 0 && (
            <Stack gap={4}>
              {[...found.nodes].map(([id, change]) => (
                <UnstyledButton key={id} onClick={() => choose(id)} aria-pressed={id === chosen}>
                  <Group gap="xs">
                    <ChangeBadge change={change} />
                    <Text fw={id === chosen ? 600 : undefined}>{id}</Text>
                  </Group>
                </UnstyledButton>
              ))}
            </Stack>
          )}
          {chosen && become === 'changed' && changes && <Values title={t.changedIn(chosen)} changes={changes} />}
          {chosen && node && become !== 'changed' && <JsonView label={chosen} value={{ ...node, position: undefined }} />}
          <Values title={t.outputChanged} changes={diff.graph.output} />
          <Values title={t.settingsChanged} changes={diff.settings} />
          <Values title={t.skillsChanged} changes={diff.skills} />
        </Stack>
      </ScrollArea>
    </div>
  );
}

const colours = { added: 'green', removed: 'red', changed: 'yellow' };

function ChangeBadge({ change }: { change: Change }) {
  return (
    <Badge variant="outline" color={colours[change]} c="inherit" tt="none">
      {t.changes[change]}
    </Badge>
  );
}

function Values({ title, changes }: { title: string; changes: readonly JsonChange[] }) {
  return changes.length === 0 ? null : (
    <Stack gap="xs">
      <Title order={2}>{title}</Title>
      {changes.map((change) => (
        <div key={change.pointer}>
          <Code>{change.pointer || '/'}</Code>
          <JsonView label={t.before} value={change.before} height={160} />
          <JsonView label={t.after} value={change.after} height={160} />
        </div>
      ))}
    </Stack>
  );
}

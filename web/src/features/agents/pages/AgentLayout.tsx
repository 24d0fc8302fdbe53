import { ActionIcon, Button, Menu, Tabs } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconMessageCircle, IconPlayerPlay, IconSitemap } from '@tabler/icons-react';
import { Outlet, useNavigate, useParams, useRouterState } from '@tanstack/react-router';
import { LinkButton } from '~/components/LinkButton';
import { onDemand } from '~/components/onDemand';
import { Page } from '~/components/Page';
import { StatusBadge } from '~/components/StatusBadge';
import { Answered } from '~/components/states';
import type { AgentView } from '~/generated/api';
import { $api } from '~/lib/client';
import { download } from '~/lib/download';
import { tellDone, tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { useCan } from '~/lib/session';
import { strings } from '~/lib/strings';
import { exportDefinition } from '../api/definition';
import { useAgent, useLatestVersion } from '../api/useAgent';

const CreateAgent = onDemand(() => import('../components/CreateAgent').then((file) => file.CreateAgent));
const RunAgent = onDemand(() => import('../components/RunAgent').then((file) => file.RunAgent));

const t = strings.agents;

/** An agent's name, its actions and its sections. */
export function AgentLayout() {
  const { agent: slug } = useParams({ from: '/app/agents/$agent' });
  const agent = useAgent(slug);
  const navigate = useNavigate();
  const section = useRouterState({ select: (state) => state.location.pathname.split('/')[3] ?? 'overview' });
  return (
    <Answered query={agent} lines={8}>
      {(found) => (
        <Page title={found.name} beside={<StatusBadge status={found.status} />} text={found.description ?? found.slug} actions={<Actions agent={found} />}>
          <Tabs
            value={section}
            keepMounted={false}
            onChange={(next) =>
              void navigate({
                to:
                  next === 'versions'
                    ? '/agents/$agent/versions'
                    : next === 'triggers'
                      ? '/agents/$agent/triggers'
                      : next === 'settings'
                        ? '/agents/$agent/settings'
                        : '/agents/$agent',
                params: { agent: slug },
              })
            }
          >
            <Tabs.List aria-label={t.sections}>
              {(Object.keys(t.tabs) as (keyof typeof t.tabs)[]).map((tab) => (
                <Tabs.Tab key={tab} value={tab}>
                  {t.tabs[tab]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value={section} pt="md">
              <Outlet />
            </Tabs.Panel>
          </Tabs>
        </Page>
      )}
    </Answered>
  );
}

function Actions({ agent }: { agent: AgentView }) {
  const mayRun = useCan('runs:execute');
  const mayTalk = useCan('conversations:write');
  const mayWrite = useCan('agents:write');
  const mayControl = useCan('runs:write');
  const version = useLatestVersion(agent);
  const [running, run] = useDisclosure();
  const [cloning, clone] = useDisclosure();
  const changed = { onSuccess: () => refresh('/v1/agents'), onError: tellProblem };
  const activate = $api.useMutation('post', '/v1/agents/{agent}/activate', changed);
  const deactivate = $api.useMutation('post', '/v1/agents/{agent}/deactivate', changed);
  const archive = $api.useMutation('post', '/v1/agents/{agent}/archive', changed);
  const pause = $api.useMutation('post', '/v1/agents/{agent}/pause', { onSuccess: () => tellDone(t.paused), onError: tellProblem });
  const resume = $api.useMutation('post', '/v1/agents/{agent}/resume', { onSuccess: () => tellDone(t.resumed), onError: tellProblem });
  const path = { params: { path: { agent: agent.slug } } };
  const exportYaml = () =>
    exportDefinition(agent.slug)
      .then((text) => download(`${agent.slug}.yaml`, 'application/yaml', text))
      .catch(tellProblem);
  return (
    <>
      {mayRun && agent.status === 'active' && agent.latest_version && (
        <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={run.open}>
          {t.run}
        </Button>
      )}
      {mayTalk && agent.status === 'active' && agent.latest_version && (
        <LinkButton to="/chat" search={{ agent: agent.slug, begin: true }} variant="default" leftSection={<IconMessageCircle size={16} aria-hidden />}>
          {t.talk}
        </LinkButton>
      )}
      <LinkButton to="/agents/$agent/edit" params={{ agent: agent.slug }} variant="default" leftSection={<IconSitemap size={16} aria-hidden />}>
        {t.edit}
      </LinkButton>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={t.menu}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void exportYaml()}>{t.exportYaml}</Menu.Item>
          {mayWrite && <Menu.Item onClick={clone.open}>{t.clone}</Menu.Item>}
          {mayControl && <Menu.Item onClick={() => pause.mutate({ ...path, body: {} })}>{t.pauseAll}</Menu.Item>}
          {mayControl && <Menu.Item onClick={() => resume.mutate({ ...path, body: {} })}>{t.resumeAll}</Menu.Item>}
          {mayWrite && agent.status !== 'active' && <Menu.Item onClick={() => activate.mutate(path)}>{t.activate}</Menu.Item>}
          {mayWrite && agent.status === 'active' && <Menu.Item onClick={() => deactivate.mutate(path)}>{t.deactivate}</Menu.Item>}
          {mayWrite && agent.status !== 'archived' && <Menu.Item onClick={() => archive.mutate(path)}>{t.archive}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {running && <RunAgent agent={agent} schema={version.data?.input_schema} onClose={run.close} />}
      {cloning && <CreateAgent from={agent.slug} onClose={clone.close} />}
    </>
  );
}

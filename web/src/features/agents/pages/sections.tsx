import { useParams } from '@tanstack/react-router';
import { Answered } from '~/components/states';
import { useAgent, useLatestVersion } from '../api/useAgent';
import { AgentSettings } from '../components/AgentSettings';
import { Overview } from '../components/Overview';
import { Versions } from '../components/Versions';

const useThis = () => useAgent(useParams({ from: '/app/agents/$agent' }).agent);

export function OverviewSection() {
  const agent = useThis();
  const version = useLatestVersion(agent.data);
  return <Answered query={agent}>{(found) => <Overview agent={found} version={version.data} />}</Answered>;
}

export function VersionsSection() {
  return <Answered query={useThis()}>{(found) => <Versions agent={found} />}</Answered>;
}

export function SettingsSection() {
  return <Answered query={useThis()}>{(found) => <AgentSettings key={found.updated_at} agent={found} />}</Answered>;
}

import { Answered } from '~/components/states';
import { useLatestVersion, useThisAgent } from '../api/useAgent';
import { Overview } from '../components/Overview';

export function OverviewSection() {
  const agent = useThisAgent();
  const version = useLatestVersion(agent.data);
  return <Answered query={agent}>{(found) => <Overview agent={found} version={version.data} />}</Answered>;
}

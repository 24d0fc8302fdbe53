import { Answered } from '~/components/states';
import { useThisAgent } from '../api/useAgent';
import { AgentSettings } from '../components/AgentSettings';

export function SettingsSection() {
  return <Answered query={useThisAgent()}>{(found) => <AgentSettings key={found.updated_at} agent={found} />}</Answered>;
}

import { onDemand } from '~/components/onDemand';
import { Answered, Loading } from '~/components/states';
import { useThisAgent } from '../api/useAgent';

// Its field for tags alone is a tenth of what a page may load at first.
const AgentSettings = onDemand(() => import('../components/AgentSettings').then((file) => file.AgentSettings), <Loading />);

export function SettingsSection() {
  return <Answered query={useThisAgent()}>{(found) => <AgentSettings key={found.updated_at} agent={found} />}</Answered>;
}

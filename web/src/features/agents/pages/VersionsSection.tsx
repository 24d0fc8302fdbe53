import { Answered } from '~/components/states';
import { useThisAgent } from '../api/useAgent';
import { Versions } from '../components/Versions';

export function VersionsSection() {
  return <Answered query={useThisAgent()}>{(found) => <Versions agent={found} />}</Answered>;
}

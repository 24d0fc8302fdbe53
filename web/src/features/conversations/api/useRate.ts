import { $api } from '~/lib/client';
import { tellDone, tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';

export const useRate = (onDone: () => void) =>
  $api.useMutation('patch', '/v1/conversations/{id}/messages/{message_id}', {
    onSuccess: () => {
      tellDone(strings.interactions.saved);
      onDone();
      return refresh('/v1/conversations', '/v1/interactions');
    },
    onError: tellProblem,
  });

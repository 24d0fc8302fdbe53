import { $api } from '~/lib/client';
import { tellDone, tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';
import { strings } from '~/lib/strings';

/** Agrees to tools as they are now. One that changed since it was read has another hash, and is refused. */
export const useAccept = (onDone?: () => void) =>
  $api.useMutation('post', '/v1/mcp-servers/{server}/accept', {
    onSuccess: () => {
      tellDone(strings.mcp.tool.accepted);
      onDone?.();
      return refresh('/v1/mcp-servers');
    },
    onError: tellProblem,
  });

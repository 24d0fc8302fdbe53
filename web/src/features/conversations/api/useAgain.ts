import { $api } from '~/lib/client';
import { tellProblem } from '~/lib/notify';
import { refresh } from '~/lib/queries';

const done = { onSuccess: () => refresh('/v1/conversations'), onError: tellProblem };

/** Another answer in place of one; what came after it is replaced. */
export const useRegenerate = () => $api.useMutation('post', '/v1/conversations/{id}/messages/{message_id}/regenerate', done);

/** Another question in place of one; what came after it is replaced. */
export const useEdit = () => $api.useMutation('post', '/v1/conversations/{id}/messages/{message_id}/edit', done);

export const useStop = () => $api.useMutation('post', '/v1/conversations/{id}/stop', done);

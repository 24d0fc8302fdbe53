import createFetchClient, { type Middleware } from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';
import type { paths } from '~/generated/api';

let csrfToken: string | null = null;
let onSignedOut: () => void = () => {};

/** The token of the session, which the server tells with the account; every change carries it. */
export function keepCsrfToken(token: string | null) {
  csrfToken = token;
}

export const csrf = () => csrfToken;

/** What happens when a request finds that nobody is signed in any more. */
export function whenSignedOut(action: () => void) {
  onSignedOut = action;
}

const session: Middleware = {
  onRequest({ request }) {
    if (csrfToken && !['GET', 'HEAD'].includes(request.method)) {
      request.headers.set('X-CSRF-Token', csrfToken);
    }
    return request;
  },
  onResponse({ request, response }) {
    const path = new URL(request.url).pathname;
    if (response.status === 401 && !['/v1/me', '/v1/login', '/v1/me/password', '/v1/logout'].includes(path)) {
      onSignedOut();
    }
  },
};

export const client = createFetchClient<paths>({ baseUrl: window.location.origin });
client.use(session);

/** Queries and mutations by method and path; their keys begin with both. */
export const $api = createQueryClient(client);

// An OAuth 2 server that is nobody's of ours: panva's oidc-provider, with PKCE required, refresh tokens that count once, and a person who consents at once.
// Its client's secret and redirect URI come from the environment; the first line that it prints is its address.
import http from 'node:http';
import { Provider } from 'oidc-provider';

const counts = { exchanges: 0, refreshes: 0, refused: 0 };
const grants = [];

function build(issuer) {
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'agentplatform',
      client_secret: process.env.CLIENT_SECRET,
      redirect_uris: [process.env.REDIRECT_URI],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: process.env.CLIENT_AUTH === 'basic' ? 'client_secret_basic' : 'client_secret_post',
    }],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    interactions: { url: (_ctx, interaction) => `/consent/${interaction.uid}` },
    cookies: { keys: ['only for tests'] },
    ttl: { AccessToken: 3600, RefreshToken: 86400, AuthorizationCode: 60, Grant: 86400, Session: 86400, Interaction: 600, IdToken: 3600 },
  });
  provider.on('grant.success', (ctx) => { counts[ctx.oidc.params.grant_type === 'refresh_token' ? 'refreshes' : 'exchanges'] += 1; });
  provider.on('grant.error', () => { counts.refused += 1; });
  return provider;
}

async function consent(provider, req, res) {
  const { params } = await provider.interactionDetails(req, res);
  if (params.login_hint === 'nobody') {
    return provider.interactionFinished(req, res, { error: 'access_denied', error_description: 'They said no.' });
  }

  const grant = new provider.Grant({ accountId: 'ann', clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const grantId = await grant.save();
  grants.push(grantId);
  return provider.interactionFinished(req, res, { login: { accountId: 'ann' }, consent: { grantId } });
}

async function revoke(provider) {
  for (const id of grants.splice(0)) {
    await provider.RefreshToken.revokeByGrantId(id);
    await provider.AccessToken.revokeByGrantId(id);
    await (await provider.Grant.find(id))?.destroy();
  }
}

function answer(res, status, body) {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}

let handle;
const server = http.createServer((req, res) => handle(req, res).catch((error) => answer(res, 500, { error: String(error) })));
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = build(issuer);
  const rest = provider.callback();
  handle = async (req, res) => {
    if (req.url.startsWith('/consent/')) {
      return consent(provider, req, res);
    }

    if (req.url === '/mail') {
      const token = await provider.AccessToken.find((req.headers.authorization ?? '').replace('Bearer ', ''));
      return token ? answer(res, 200, { of: token.accountId, said: req.headers.authorization }) : answer(res, 401, { error: 'no such token' });
    }

    if (req.url === '/counts') {
      return answer(res, 200, counts);
    }

    if (req.url === '/revoke') {
      await revoke(provider);
      return answer(res, 200, {});
    }

    return rest(req, res);
  };
  console.log(issuer);
});
// It ends with whoever started it.
process.stdin.on('end', () => process.exit(0)).resume();

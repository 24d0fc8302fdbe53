import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { Missing, RouteFailed, ShellFailed } from '~/app/errors';
import { Loading } from '~/components/states';
import { whenSignedOut } from '~/lib/client';
import { queryClient } from '~/lib/queries';
import * as search from '~/lib/search';
import { accountQuery, leave } from '~/lib/session';

const root = createRootRouteWithContext<object>()({ component: Outlet, notFoundComponent: Missing });

const outside = createRoute({
  getParentRoute: () => root,
  id: 'outside',
  component: lazyRouteComponent(() => import('~/features/account/components/OutsideLayout'), 'OutsideLayout'),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ location }) => {
    const account = await queryClient.ensureQueryData(accountQuery);
    if (!account) {
      throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } });
    }
  },
  component: lazyRouteComponent(() => import('~/app/Shell'), 'Shell'),
  errorComponent: ShellFailed,
});

const login = createRoute({
  getParentRoute: () => outside,
  path: '/login',
  validateSearch: search.login,
  component: lazyRouteComponent(() => import('~/features/account/pages/LoginPage'), 'LoginPage'),
});
const signup = createRoute({
  getParentRoute: () => outside,
  path: '/signup',
  component: lazyRouteComponent(() => import('~/features/account/pages/SignUpPage'), 'SignUpPage'),
});
const invite = createRoute({
  getParentRoute: () => outside,
  path: '/invite/$token',
  component: lazyRouteComponent(() => import('~/features/account/pages/InvitePage'), 'InvitePage'),
});

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('~/features/home/pages/HomePage'), 'HomePage'),
});
const agents = createRoute({
  getParentRoute: () => inside,
  path: '/agents',
  validateSearch: search.agents,
  component: lazyRouteComponent(() => import('~/features/agents/pages/AgentsPage'), 'AgentsPage'),
});
const agent = createRoute({
  getParentRoute: () => inside,
  path: '/agents/$agent',
  component: lazyRouteComponent(() => import('~/features/agents/pages/AgentLayout'), 'AgentLayout'),
});
const agentOverview = createRoute({
  getParentRoute: () => agent,
  path: '/',
  component: lazyRouteComponent(() => import('~/features/agents/pages/OverviewSection'), 'OverviewSection'),
});
const agentVersions = createRoute({
  getParentRoute: () => agent,
  path: '/versions',
  component: lazyRouteComponent(() => import('~/features/agents/pages/VersionsSection'), 'VersionsSection'),
});
const agentTriggers = createRoute({
  getParentRoute: () => agent,
  path: '/triggers',
  component: lazyRouteComponent(() => import('~/features/triggers/pages/TriggersSection'), 'TriggersSection'),
});
const agentSettings = createRoute({
  getParentRoute: () => agent,
  path: '/settings',
  component: lazyRouteComponent(() => import('~/features/agents/pages/SettingsSection'), 'SettingsSection'),
});
const builder = createRoute({
  getParentRoute: () => inside,
  path: '/agents/$agent/edit',
  validateSearch: search.builder,
  component: lazyRouteComponent(() => import('~/features/builder/pages/BuilderPage'), 'BuilderPage'),
});
const versionDiff = createRoute({
  getParentRoute: () => inside,
  path: '/agents/$agent/diff/$a/$b',
  component: lazyRouteComponent(() => import('~/features/builder/pages/DiffPage'), 'DiffPage'),
});
const runs = createRoute({
  getParentRoute: () => inside,
  path: '/runs',
  validateSearch: search.runs,
  component: lazyRouteComponent(() => import('~/features/runs/pages/RunsPage'), 'RunsPage'),
});
const run = createRoute({
  getParentRoute: () => inside,
  path: '/runs/$id',
  validateSearch: search.run,
  beforeLoad: ({ params, search: { view } }) => {
    void import('~/features/runs/api/readAhead').then((file) => file.readAhead(params.id, view));
  },
  component: lazyRouteComponent(() => import('~/features/runs/pages/RunPage'), 'RunPage'),
});
const approvals = createRoute({
  getParentRoute: () => inside,
  path: '/approvals',
  validateSearch: search.approvals,
  component: lazyRouteComponent(() => import('~/features/approvals/pages/ApprovalsPage'), 'ApprovalsPage'),
});
const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(() => import('~/features/account/pages/AccountPage'), 'AccountPage'),
});
const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('~/features/settings/pages/SettingsLayout'), 'SettingsLayout'),
});
const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/members' });
  },
});
const members = createRoute({
  getParentRoute: () => settings,
  path: '/members',
  component: lazyRouteComponent(() => import('~/features/settings/pages/MembersPage'), 'MembersPage'),
});
const teams = createRoute({
  getParentRoute: () => settings,
  path: '/teams',
  component: lazyRouteComponent(() => import('~/features/settings/pages/TeamsPage'), 'TeamsPage'),
});
const roles = createRoute({
  getParentRoute: () => settings,
  path: '/roles',
  component: lazyRouteComponent(() => import('~/features/settings/pages/RolesPage'), 'RolesPage'),
});
const keys = createRoute({
  getParentRoute: () => settings,
  path: '/keys',
  component: lazyRouteComponent(() => import('~/features/settings/pages/KeysPage'), 'KeysPage'),
});
const audit = createRoute({
  getParentRoute: () => settings,
  path: '/audit',
  validateSearch: search.audit,
  component: lazyRouteComponent(() => import('~/features/settings/pages/AuditPage'), 'AuditPage'),
});
const tenant = createRoute({
  getParentRoute: () => settings,
  path: '/tenant',
  component: lazyRouteComponent(() => import('~/features/settings/pages/TenantPage'), 'TenantPage'),
});

const usage = createRoute({
  getParentRoute: () => inside,
  path: '/usage',
  validateSearch: search.usage,
  component: lazyRouteComponent(() => import('~/features/usage/pages/UsagePage'), 'UsagePage'),
});
const ledger = createRoute({
  getParentRoute: () => inside,
  path: '/usage/ledger',
  validateSearch: search.ledger,
  component: lazyRouteComponent(() => import('~/features/usage/pages/LedgerPage'), 'LedgerPage'),
});
const credentials = createRoute({
  getParentRoute: () => inside,
  path: '/credentials',
  validateSearch: search.credentials,
  component: lazyRouteComponent(() => import('~/features/credentials/pages/CredentialsPage'), 'CredentialsPage'),
});
const integrations = createRoute({
  getParentRoute: () => inside,
  path: '/integrations',
  validateSearch: search.integrations,
  component: lazyRouteComponent(() => import('~/features/integrations/pages/IntegrationsPage'), 'IntegrationsPage'),
});
const models = createRoute({
  getParentRoute: () => inside,
  path: '/models',
  validateSearch: search.models,
  component: lazyRouteComponent(() => import('~/features/integrations/pages/ModelsPage'), 'ModelsPage'),
});
const mcp = createRoute({
  getParentRoute: () => inside,
  path: '/mcp-servers',
  component: lazyRouteComponent(() => import('~/features/mcp/pages/McpPage'), 'McpPage'),
});
const mcpServer = createRoute({
  getParentRoute: () => inside,
  path: '/mcp-servers/$server',
  validateSearch: search.mcpServer,
  component: lazyRouteComponent(() => import('~/features/mcp/pages/McpServerPage'), 'McpServerPage'),
});
const skills = createRoute({
  getParentRoute: () => inside,
  path: '/skills',
  validateSearch: search.skills,
  component: lazyRouteComponent(() => import('~/features/skills/pages/SkillsPage'), 'SkillsPage'),
});
const skill = createRoute({
  getParentRoute: () => inside,
  path: '/skills/$skill',
  validateSearch: search.skill,
  component: lazyRouteComponent(() => import('~/features/skills/pages/SkillPage'), 'SkillPage'),
});
const gallery = createRoute({
  getParentRoute: () => inside,
  path: '/gallery',
  validateSearch: search.gallery,
  component: lazyRouteComponent(() => import('~/features/gallery/pages/GalleryPage'), 'GalleryPage'),
});
const chat = createRoute({
  getParentRoute: () => inside,
  path: '/chat',
  validateSearch: search.chat,
  component: lazyRouteComponent(() => import('~/features/conversations/pages/ChatLayout'), 'ChatLayout'),
});
const chatStart = createRoute({
  getParentRoute: () => chat,
  path: '/',
  component: lazyRouteComponent(() => import('~/features/conversations/pages/ChatStartPage'), 'ChatStartPage'),
});
const chatOne = createRoute({
  getParentRoute: () => chat,
  path: '/$id',
  component: lazyRouteComponent(() => import('~/features/conversations/pages/ChatPage'), 'ChatPage'),
});
const interactions = createRoute({
  getParentRoute: () => inside,
  path: '/interactions',
  validateSearch: search.interactions,
  component: lazyRouteComponent(() => import('~/features/interactions/pages/InteractionsPage'), 'InteractionsPage'),
});

const tree = root.addChildren([
  outside.addChildren([login, signup, invite]),
  inside.addChildren([
    home,
    agents,
    agent.addChildren([agentOverview, agentVersions, agentTriggers, agentSettings]),
    builder,
    versionDiff,
    runs,
    run,
    approvals,
    account,
    settings.addChildren([settingsIndex, members, teams, roles, keys, audit, tenant]),
    usage,
    ledger,
    credentials,
    integrations,
    models,
    mcp,
    mcpServer,
    skills,
    skill,
    gallery,
    chat.addChildren([chatStart, chatOne]),
    interactions,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  context: {},
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultPendingComponent: Loading,
  defaultErrorComponent: RouteFailed,
  defaultNotFoundComponent: Missing,
});

whenSignedOut(() => {
  if (!router.state.location.pathname.startsWith('/login')) {
    void router.navigate({ to: '/login', search: { next: router.state.location.href } }).then(leave);
  }
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

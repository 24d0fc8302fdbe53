import { Stack, Tabs } from '@mantine/core';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { strings } from '~/lib/strings';

const parts = ['members', 'teams', 'roles', 'keys', 'audit', 'tenant'] as const;
type Part = (typeof parts)[number];

export function SettingsLayout() {
  const navigate = useNavigate();
  const part = useRouterState({ select: (state) => state.location.pathname.split('/')[2] });
  return (
    <Stack>
      <Tabs value={part} onChange={(next) => void navigate({ to: `/settings/${next as Part}` })} keepMounted={false}>
        <Tabs.List aria-label={strings.settings.sections}>
          {parts.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {strings.settings.parts[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={part ?? 'members'} pt="md">
          <Outlet />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

import { ActionIcon, AppShell, Burger, Button, Group, Kbd, NavLink, Stack, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure, useHotkeys, useMediaQuery } from '@mantine/hooks';
import { IconMoon, IconSearch, IconSun } from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { AccountMenu, TenantMenu } from '~/app/menus';
import { places } from '~/app/places';
import { useKeys } from '~/app/useKeys';
import { onDemand } from '~/components/onDemand';
import { useAccount } from '~/lib/session';
import { strings } from '~/lib/strings';
import { useIdle } from '~/lib/useIdle';
import classes from './Shell.module.css';

const Palette = onDemand(() => import('~/app/Palette').then((file) => file.Palette));
const KeyList = onDemand(() => import('~/app/KeyList').then((file) => file.KeyList));

const isAt = (path: string, to: string) => (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`));

/** What stands around every page of somebody who is signed in. */
export function Shell() {
  const [isOpen, menu] = useDisclosure();
  const [showsKeys, keys] = useDisclosure();
  const isNarrow = useMediaQuery('(max-width: 40em)');
  const path = useRouterState({ select: (state) => state.location.pathname });
  // The builder needs the room.
  const isSlim = path.endsWith('/edit') && !isOpen;
  const isIdle = useIdle();
  const [isWanted, want] = useDisclosure();
  // The palette knows by itself whether it is open, so it can be opened before it stands.
  const search = () => {
    want.open();
    void import('@mantine/spotlight').then(({ spotlight }) => spotlight.open());
  };
  useHotkeys([['mod+K', search]]);
  useAccount();
  useKeys(keys.open);
  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes the menu
  useEffect(menu.close, [path]);
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: isSlim ? 60 : 200, breakpoint: 'sm', collapsed: { mobile: !isOpen } }} padding="md">
      <a className="skip" href="#content">
        {strings.shell.skip}
      </a>
      <AppShell.Header px="sm">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Burger opened={isOpen} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label={isOpen ? strings.shell.closeMenu : strings.shell.openMenu} />
            <TenantMenu />
          </Group>
          <Group gap="xs" wrap="nowrap">
            {isNarrow ? (
              <ActionIcon variant="default" size="lg" onClick={search} aria-label={strings.shell.search}>
                <IconSearch size={18} />
              </ActionIcon>
            ) : (
              <Button
                variant="default"
                className={classes.search}
                justify="space-between"
                onClick={search}
                leftSection={<IconSearch size={16} aria-hidden />}
                rightSection={<Kbd size="xs">Ctrl K</Kbd>}
              >
                {strings.shell.search}
              </Button>
            )}
            <SchemeSwitch />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={strings.shell.navigation}>
        <Stack gap={2}>
          {places.map(({ to, label, Icon }) => (
            <NavLink
              key={to}
              className={classes.link}
              component={Link}
              to={to}
              label={isSlim ? null : label}
              aria-label={label}
              leftSection={<Icon size={18} aria-hidden />}
              active={isAt(path, to)}
              aria-current={isAt(path, to) ? 'page' : undefined}
            />
          ))}
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <div className={classes.main}>
          <Outlet />
        </div>
      </AppShell.Main>
      {(isIdle || isWanted) && <Palette />}
      {showsKeys && <KeyList onClose={keys.close} />}
    </AppShell>
  );
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  return (
    <ActionIcon
      variant="default"
      size="lg"
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      aria-label={isDark ? strings.shell.toLight : strings.shell.toDark}
    >
      {isDark ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  );
}

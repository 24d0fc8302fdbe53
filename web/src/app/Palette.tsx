import '@mantine/spotlight/styles.css';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { places } from '~/app/places';
import { strings } from '~/lib/strings';

const settings = ['members', 'teams', 'roles', 'keys', 'audit', 'tenant'] as const;

/** Every page by its name; the shell opens it. */
export function Palette() {
  const navigate = useNavigate();
  const actions: SpotlightActionData[] = [
    ...places.map(({ to, label, Icon }) => ({ id: to, label, leftSection: <Icon size={18} aria-hidden />, onClick: () => void navigate({ to }) })),
    ...settings.map((part) => ({
      id: `settings-${part}`,
      label: strings.settings.parts[part],
      description: strings.shell.settings,
      onClick: () => void navigate({ to: `/settings/${part}` }),
    })),
    { id: 'account', label: strings.shell.account, onClick: () => void navigate({ to: '/account' }) },
  ];
  return (
    <Spotlight
      actions={actions}
      nothingFound={strings.shell.noMatch}
      shortcut={null}
      attributes={{ content: { 'aria-label': strings.shell.search } }}
      scrollable
      maxHeight={420}
      searchProps={{ leftSection: <IconSearch size={18} aria-hidden />, placeholder: strings.shell.searchHint, 'aria-label': strings.shell.search }}
    />
  );
}

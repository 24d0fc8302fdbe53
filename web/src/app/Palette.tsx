import '@mantine/spotlight/styles.css';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { IconPlayerPlay, IconRobot, IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { places } from '~/app/places';
import { useFoundAgents } from '~/app/useFoundAgents';
import { strings } from '~/lib/strings';

const settings = ['members', 'teams', 'roles', 'keys', 'audit', 'tenant'] as const;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Every page by its name, agents as the server finds them, a run by its id; the shell opens it. */
export function Palette() {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const words = text.trim();
  const [settled] = useDebouncedValue(words, 200);
  const agents = useFoundAgents(settled);
  const actions: SpotlightActionData[] = [
    ...places.map(({ to, label, Icon }) => ({ id: to, label, leftSection: <Icon size={18} aria-hidden />, onClick: () => void navigate({ to }) })),
    ...settings.map((part) => ({
      id: `settings-${part}`,
      label: strings.settings.parts[part],
      description: strings.shell.settings,
      onClick: () => void navigate({ to: `/settings/${part}` }),
    })),
    { id: 'account', label: strings.shell.account, onClick: () => void navigate({ to: '/account' }) },
    // What the server found fits by more than the name: the text itself as a keyword keeps it in the list.
    ...agents.found.map((agent) => ({
      id: agent.id,
      label: agent.name,
      description: strings.shell.agent,
      keywords: text,
      leftSection: <IconRobot size={18} aria-hidden />,
      onClick: () => void navigate({ to: '/agents/$agent', params: { agent: agent.slug } }),
    })),
    ...(uuid.test(words)
      ? [
          {
            id: 'run',
            label: strings.shell.runOf(words),
            keywords: text,
            leftSection: <IconPlayerPlay size={18} aria-hidden />,
            onClick: () => void navigate({ to: '/runs/$id', params: { id: words.toLowerCase() } }),
          },
        ]
      : []),
  ];
  return (
    <Spotlight
      actions={actions}
      query={text}
      onQueryChange={setText}
      nothingFound={agents.isSearching || settled !== words ? strings.shell.searching : strings.shell.noMatch}
      shortcut={null}
      attributes={{ content: { 'aria-label': strings.shell.search } }}
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: strings.shell.searchHint,
        'aria-label': strings.shell.search,
        onKeyDown: takeFirst,
      }}
    />
  );
}

/** The list chooses its first entry when one types; what the server finds comes after that. */
function takeFirst(event: KeyboardEvent<HTMLInputElement>) {
  const list = event.currentTarget.closest('[role="dialog"]');
  if (event.key === 'Enter' && !list?.querySelector('[data-selected]')) {
    list?.querySelector<HTMLElement>('[data-action]')?.click();
  }
}

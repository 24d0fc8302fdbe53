import {
  IconChartBar,
  IconChecklist,
  IconHome,
  IconKey,
  IconLayoutGrid,
  IconMessageCircle,
  IconPlayerPlay,
  IconPlug,
  IconPuzzle,
  IconRobot,
  IconServer,
  IconSettings,
  IconStars,
} from '@tabler/icons-react';
import { strings } from '~/lib/strings';

/** Where the navigation leads, and the letter that goes there after `g`. */
export const places = [
  { to: '/', label: strings.shell.home, Icon: IconHome, key: 'h' },
  { to: '/agents', label: strings.shell.agents, Icon: IconRobot, key: 'a' },
  { to: '/chat', label: strings.shell.conversations, Icon: IconMessageCircle, key: 't' },
  { to: '/runs', label: strings.shell.runs, Icon: IconPlayerPlay, key: 'r' },
  { to: '/approvals', label: strings.shell.approvals, Icon: IconChecklist, key: 'p' },
  { to: '/gallery', label: strings.shell.gallery, Icon: IconLayoutGrid, key: 'y' },
  { to: '/skills', label: strings.shell.skills, Icon: IconPuzzle, key: 'k' },
  { to: '/integrations', label: strings.shell.integrations, Icon: IconPlug, key: 'i' },
  { to: '/credentials', label: strings.shell.credentials, Icon: IconKey, key: 'c' },
  { to: '/mcp-servers', label: strings.shell.mcp, Icon: IconServer, key: 'm' },
  { to: '/interactions', label: strings.shell.interactions, Icon: IconStars, key: 'n' },
  { to: '/usage', label: strings.shell.usage, Icon: IconChartBar, key: 'u' },
  { to: '/settings', label: strings.shell.settings, Icon: IconSettings, key: 's' },
] as const;

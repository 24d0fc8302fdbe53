import {
  IconChartBar,
  IconChecklist,
  IconHome,
  IconKey,
  IconLayoutGrid,
  IconPlayerPlay,
  IconPlug,
  IconPuzzle,
  IconRobot,
  IconServer,
  IconSettings,
} from '@tabler/icons-react';
import { strings } from '~/lib/strings';

/** Where the navigation leads, and the letter that goes there after `g`. */
export const places = [
  { to: '/', label: strings.shell.home, Icon: IconHome, key: 'h' },
  { to: '/agents', label: strings.shell.agents, Icon: IconRobot, key: 'a' },
  { to: '/runs', label: strings.shell.runs, Icon: IconPlayerPlay, key: 'r' },
  { to: '/approvals', label: strings.shell.approvals, Icon: IconChecklist, key: 'p' },
  { to: '/gallery', label: strings.gallery.title, Icon: IconLayoutGrid, key: 'y' },
  { to: '/skills', label: strings.skills.title, Icon: IconPuzzle, key: 'k' },
  { to: '/integrations', label: strings.integrations.title, Icon: IconPlug, key: 'i' },
  { to: '/credentials', label: strings.credentials.title, Icon: IconKey, key: 'c' },
  { to: '/mcp-servers', label: strings.mcp.title, Icon: IconServer, key: 'm' },
  { to: '/usage', label: strings.usage.title, Icon: IconChartBar, key: 'u' },
  { to: '/settings', label: strings.shell.settings, Icon: IconSettings, key: 's' },
] as const;

import { IconChecklist, IconPlayerPlay, IconRobot, IconSettings } from '@tabler/icons-react';
import { strings } from '~/lib/strings';

/** Where the navigation leads, and the letter that goes there after `g`. */
export const places = [
  { to: '/agents', label: strings.shell.agents, Icon: IconRobot, key: 'a' },
  { to: '/runs', label: strings.shell.runs, Icon: IconPlayerPlay, key: 'r' },
  { to: '/approvals', label: strings.shell.approvals, Icon: IconChecklist, key: 'p' },
  { to: '/settings', label: strings.shell.settings, Icon: IconSettings, key: 's' },
] as const;

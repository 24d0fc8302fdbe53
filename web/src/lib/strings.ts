import { account } from './strings/account';
import { agents } from './strings/agents';
import { approvals } from './strings/approvals';
import { builder } from './strings/builder';
import { common } from './strings/common';
import { problems } from './strings/problems';
import { runs } from './strings/runs';
import { settings } from './strings/settings';
import { shell } from './strings/shell';
import { triggers } from './strings/triggers';

/** Every word that the web app says, by the area that says it. */
export const strings = { account, agents, approvals, builder, common, problems, runs, settings, shell, triggers } as const;

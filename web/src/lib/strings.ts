import { account } from './strings/account';
import { agents } from './strings/agents';
import { approvals } from './strings/approvals';
import { builder } from './strings/builder';
import { common } from './strings/common';
import { credentials } from './strings/credentials';
import { gallery } from './strings/gallery';
import { home } from './strings/home';
import { integrations } from './strings/integrations';
import { mcp } from './strings/mcp';
import { problems } from './strings/problems';
import { runs } from './strings/runs';
import { settings } from './strings/settings';
import { shell } from './strings/shell';
import { skills } from './strings/skills';
import { triggers } from './strings/triggers';
import { usage } from './strings/usage';

/** Every word that the web app says, by the area that says it. */
export const strings = {
  account,
  agents,
  approvals,
  builder,
  common,
  problems,
  runs,
  settings,
  shell,
  triggers,
  credentials,
  gallery,
  home,
  integrations,
  mcp,
  skills,
  usage,
} as const;

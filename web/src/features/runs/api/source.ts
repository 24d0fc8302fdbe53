import { strings } from '~/lib/strings';

const t = strings.runs;

/** Why a run was started; of a test, that it was one. */
export const sourceOf = (run: { trigger_source: string; is_test: boolean }): string =>
  run.is_test ? t.test : (t.sources[run.trigger_source] ?? run.trigger_source);

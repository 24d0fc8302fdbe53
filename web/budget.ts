import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

const limit = 250 * 1024;

/** What stands around a page, and is loaded with it. */
const around: [RegExp, string[]][] = [
  [/account\/pages\/(Login|SignUp|Invite)Page/, ['account/components/OutsideLayout']],
  [/settings\/pages\//, ['app/Shell', 'settings/pages/SettingsLayout']],
  [/\/pages\/\w+Section/, ['app/Shell', 'agents/pages/AgentLayout']],
  [/./, ['app/Shell']],
];

/** Breaks a build in which the first sight of any page but the builder takes more than 250 KiB of gzipped JavaScript: the entry, what stands around the page, the page. */
export const budget = (): Plugin => ({
  name: 'budget',
  apply: 'build',
  writeBundle(_, bundle) {
    const chunks = Object.values(bundle).filter((file): file is Rolldown.OutputChunk => file.type === 'chunk');
    const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
    const sizes = new Map(chunks.map((chunk) => [chunk.fileName, gzipSync(chunk.code).length]));
    const sourceOf = (chunk: Rolldown.OutputChunk) => /\/src\/(.*)\.tsx$/.exec(chunk.facadeModuleId ?? '')?.[1]?.replace('features/', '');
    const bySource = new Map(chunks.map((chunk) => [sourceOf(chunk), chunk]));
    const entry = chunks.find((chunk) => chunk.isEntry);
    const weight = (roots: (Rolldown.OutputChunk | undefined)[]) => {
      const loaded = new Set<string>();
      const load = (chunk: Rolldown.OutputChunk | undefined) => {
        if (!chunk) {
          return this.error('A page or what stands around it has no chunk of its own: budget.ts no longer knows the app.');
        }
        if (!loaded.has(chunk.fileName)) {
          loaded.add(chunk.fileName);
          chunk.imports.forEach((name) => {
            load(byName.get(name));
          });
        }
      };
      roots.forEach(load);
      return [...loaded].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
    };
    const pages = [...bySource]
      .flatMap(([source, chunk]) => (source && /\/pages\//.test(source) && !source.startsWith('builder/') ? [{ source, chunk }] : []))
      .map(({ source, chunk }) => {
        const frame = around.find(([pattern]) => pattern.test(source))?.[1] ?? [];
        return { source, bytes: weight([entry, ...frame.map((name) => bySource.get(name)), chunk]) };
      })
      .sort((a, b) => b.bytes - a.bytes);
    const told = pages.map(({ source, bytes }) => `${(bytes / 1024).toFixed(1)} KiB ${source}`);
    if (pages.length === 0 || (pages[0]?.bytes ?? 0) > limit) {
      this.error(`The first load is limited to ${limit / 1024} KiB of gzipped JavaScript:\n${told.join('\n')}`);
    }
    this.info(`first load at most ${told[0]}`);
  },
});

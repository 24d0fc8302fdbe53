import { describe, expect, it } from 'vitest';
import type { DraftContent } from '~/generated/api';
import { DraftSaver, type DraftStore, type Saved, type SaveState } from './draftSaver';

const draft = (name: string) => ({ graph: { name } }) as unknown as DraftContent;

function server(...answers: Saved[]) {
  const asked: [string, string | null][] = [];
  const next = () => Promise.resolve(answers.shift() ?? { kind: 'saved' as const, tag: `t${asked.length}`, at: 'now' });
  const store: DraftStore = {
    put: (content, tag) => {
      asked.push([(content.graph as { name: string }).name, tag]);
      return next();
    },
    remove: (tag) => {
      asked.push(['none', tag]);
      return Promise.resolve({ kind: 'saved', tag: null, at: null });
    },
  };
  const told: SaveState['kind'][] = [];
  return { asked, told, saver: (tag: string | null) => new DraftSaver(store, tag, (state) => told.push(state.kind), 1) };
}

describe('DraftSaver', () => {
  it('saves each change over the one before, and only the newest of those that came meanwhile', async () => {
    const { asked, saver } = server();
    const drafts = saver(null);
    for (const name of ['a', 'b', 'c']) {
      drafts.save(draft(name));
    }
    expect(await drafts.settled()).toBe('t2');
    expect(asked).toEqual([
      ['a', null],
      ['c', 't1'],
    ]);
  });

  it('stops where somebody else saved, until a person decides', async () => {
    const { asked, told, saver } = server({ kind: 'conflict' });
    const drafts = saver('old');
    drafts.save(draft('mine'));
    expect(await drafts.settled()).toBeNull();
    drafts.save(draft('more'));
    expect(asked).toHaveLength(1);
    drafts.overwrite();
    expect(await drafts.settled()).toBe('t2');
    expect(asked.at(-1)).toEqual(['more', '*']);
    expect(told).toEqual(['saving', 'conflict', 'saving', 'saved']);
  });

  it('takes what somebody else saved', async () => {
    const { asked, saver } = server({ kind: 'conflict' });
    const drafts = saver('old');
    drafts.save(draft('mine'));
    await drafts.settled();
    drafts.take('theirs', 'now');
    drafts.save(draft('next'));
    await drafts.settled();
    expect(asked.at(-1)).toEqual(['next', 'theirs']);
  });

  it('tries again what could not be stored', async () => {
    const { asked, told, saver } = server({ kind: 'failed' });
    const drafts = saver('t0');
    drafts.save(draft('a'));
    expect(await drafts.settled()).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await drafts.settled()).toBe('t2');
    expect(asked).toEqual([
      ['a', 't0'],
      ['a', 't0'],
    ]);
    expect(told).toEqual(['saving', 'failed', 'saving', 'saved']);
  });

  it('asks for nothing to be removed where nothing is stored', async () => {
    const { asked, saver } = server();
    const drafts = saver(null);
    drafts.save(null);
    expect(await drafts.settled()).toBeNull();
    expect(asked).toEqual([]);
    drafts.save(draft('a'));
    await drafts.settled();
    drafts.save(null);
    await drafts.settled();
    expect(asked.at(-1)).toEqual(['none', 't1']);
  });
});

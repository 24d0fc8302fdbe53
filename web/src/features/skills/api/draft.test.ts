import { describe, expect, it } from 'vitest';
import type { SkillVersionView } from '~/generated/api';
import { draftOf, readDraft } from './draft';

describe('a version that is edited', () => {
  it('begins as the one before, without its number and changelog', () => {
    const version = {
      language: 'python',
      source_code: 'def main(i, c): pass',
      spec: { network: ['a.example'] },
      input_schema: null,
      semantic_version: '1.2.0',
      changelog: 'x',
    };
    const draft = draftOf('code', version as unknown as SkillVersionView);
    expect(draft).toMatchObject({ language: 'python', source: 'def main(i, c): pass', input_schema: '', semantic_version: '', changelog: '' });
    expect(JSON.parse(draft.spec)).toEqual({ network: ['a.example'] });
  });

  it('of code begins with something that runs', () => expect(draftOf('code').source).toContain('main(input, ctx)'));

  it('of another kind sends no source', () => {
    const read = readDraft({ ...draftOf('transform'), source: 'left over' }, false);
    expect(read).toEqual({ body: { spec: {}, input_schema: null, changelog: null, semantic_version: null, is_active: true } });
  });

  it('tells which part is no JSON', () => {
    expect(readDraft({ ...draftOf('code'), spec: '{' }, true)).toEqual({ bad: 'spec' });
    expect(readDraft({ ...draftOf('code'), input_schema: 'x' }, true)).toEqual({ bad: 'input_schema' });
  });
});

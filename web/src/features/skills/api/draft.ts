import type { SkillVersionDraft, SkillVersionView } from '~/generated/api';
import { json } from '~/lib/format';
import { sampleSchema, samples } from './samples';

/** A version as it is edited: JSON is text until it is sent. */
export interface Draft {
  language: string;
  source: string;
  spec: string;
  input_schema: string;
  changelog: string;
  semantic_version: string;
  is_draft: boolean;
}

export function draftOf(type: string, version?: SkillVersionView): Draft {
  const isNewCode = type === 'code' && !version;
  const language = version?.language ?? 'javascript';
  return {
    language,
    source: version?.source_code ?? (isNewCode ? (samples[language] ?? '') : ''),
    spec: json(version?.spec ?? {}),
    input_schema: version?.input_schema ? json(version.input_schema) : isNewCode ? json(sampleSchema) : '',
    changelog: '',
    semantic_version: '',
    is_draft: false,
  };
}

/** JSON that somebody typed; an empty text is null. */
export function readJson(text: string): { value: unknown } | null {
  if (text.trim() === '') {
    return { value: null };
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

/** What is sent, or the member that is no JSON. */
export function readDraft(draft: Draft, isCode: boolean): { body: SkillVersionDraft } | { bad: 'spec' | 'input_schema' } {
  const spec = readJson(draft.spec);
  const schema = readJson(draft.input_schema);
  if (!spec || !schema) {
    return { bad: spec ? 'input_schema' : 'spec' };
  }
  return {
    body: {
      spec: spec.value ?? {},
      input_schema: schema.value,
      changelog: draft.changelog || null,
      semantic_version: draft.semantic_version || null,
      is_active: !draft.is_draft,
      ...(isCode ? { source_code: draft.source, language: draft.language } : {}),
    },
  };
}

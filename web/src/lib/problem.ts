import type { UseFormReturnType } from '@mantine/form';
import type { FieldError } from '~/generated/api';
import { strings } from '~/lib/strings';

/** What the API answers when it refuses: RFC 9457 with our code and the places at fault. */
export interface Problem {
  status?: number;
  code?: string;
  detail?: string;
  errors?: FieldError[];
}

const isProblem = (error: unknown): error is Problem =>
  typeof error === 'object' && error !== null && ('code' in error || 'detail' in error || 'status' in error);

export function problemOf(error: unknown): Problem {
  return isProblem(error) ? error : {};
}

/** One sentence that a person can act on, whatever went wrong. */
export function sentenceOf(error: unknown): string {
  if (isProblem(error) && !(error instanceof Error)) {
    const known = error.code ? strings.problems[error.code as keyof typeof strings.problems] : undefined;
    const first = error.errors?.[0]?.message;
    return known ?? first ?? error.detail ?? strings.problems.unknown;
  }
  return error instanceof TypeError ? strings.problems.unreachable : strings.problems.unknown;
}

/** `/tenant/slug` as a form names it: `tenant.slug`. */
export const fieldOf = (pointer: string) => pointer.split('/').slice(1).join('.');

/** Puts each fault at its field; what belongs to none of them is answered, to be shown above the form. */
export function showFaults<T extends Record<string, unknown>>(form: UseFormReturnType<T>, error: unknown, fields: readonly string[]): string | null {
  const faults = problemOf(error).errors ?? [];
  const rest = faults.filter((fault) => !fields.includes(fieldOf(fault.pointer)));
  for (const fault of faults) {
    if (fields.includes(fieldOf(fault.pointer))) {
      form.setFieldError(fieldOf(fault.pointer), fault.message);
    }
  }
  if (faults.length === 0) {
    return sentenceOf(error);
  }
  return rest.length > 0 ? rest.map((fault) => fault.message).join(' ') : null;
}

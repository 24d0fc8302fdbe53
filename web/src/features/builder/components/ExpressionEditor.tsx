import { autocompletion, type Completion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete';
import { useComputedColorScheme } from '@mantine/core';
import CodeMirror, { EditorView, placeholder as hint, keymap, Prec, tooltips } from '@uiw/react-codemirror';
import { useMemo, useRef, useState } from 'react';
import { codeLook } from '~/components/codeLook';
import { nonce } from '~/lib/nonce';
import { complete, expressionBefore, type Mode, type Scope } from '../api/expressions';

export interface ExpressionEditorProps {
  label: string;
  describedBy?: string;
  value: string;
  mode: Mode;
  scope: Scope;
  placeholder?: string;
  readOnly: boolean;
  onChange: (value: string) => void;
  onCaret: (before: string | null) => void;
}

const look = EditorView.theme({
  '&': { fontSize: '12px', border: '1px solid var(--mantine-color-default-border)', borderRadius: 'var(--mantine-radius-sm)', overflow: 'hidden' },
  '&.cm-focused': { outline: 'none', borderColor: 'var(--mantine-primary-color-filled)' },
  '.cm-content': { padding: '4px 0', fontFamily: 'var(--mantine-font-family-monospace)' },
});

/** A text of a few lines that completes expressions and templates from what the last run gave. */
export default function ExpressionEditor({ label, describedBy, value, mode, scope, placeholder, readOnly, onChange, onCaret }: ExpressionEditorProps) {
  const scheme = useComputedColorScheme('light');
  const [begins] = useState(value === '=');
  const latest = useRef({ mode, scope, onCaret });
  latest.current = { mode, scope, onCaret };
  const extensions = useMemo(
    () => [
      EditorView.lineWrapping,
      EditorView.cspNonce.of(nonce ?? ''),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0', ...(describedBy ? { 'aria-describedby': describedBy } : {}) }),
      codeLook(scheme),
      look,
      hint(placeholder ?? ''),
      // Outside of what scrolls: a list that is cut off helps nobody.
      tooltips({ parent: document.querySelector<HTMLElement>('[data-mantine-shared-portal-node]') ?? document.body, position: 'fixed' }),
      autocompletion({ override: [(context) => offered(context, latest.current)], icons: false, activateOnTypingDelay: 50 }),
      // The page runs the draft with it; the editor would begin a line.
      Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => true }])),
      keymap.of(completionKeymap),
      EditorView.updateListener.of((update) => {
        if (update.docChanged || update.selectionSet || update.focusChanged) {
          const at = update.state.selection.main.head;
          latest.current.onCaret(update.view.hasFocus ? expressionBefore(update.state.doc.toString(), at, latest.current.mode) : null);
        }
      }),
    ],
    [label, describedBy, placeholder, scheme],
  );
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      theme="none"
      maxHeight="220px"
      // A field that becomes one of these because somebody began an expression in it goes on where they were.
      autoFocus={begins}
      selection={begins ? { anchor: value.length } : undefined}
      readOnly={readOnly}
      indentWithTab={false}
      extensions={extensions}
      basicSetup={{ lineNumbers: false, foldGutter: false, highlightActiveLine: false, autocompletion: false, searchKeymap: false, bracketMatching: true }}
    />
  );
}

function offered(context: CompletionContext, { mode, scope }: { mode: Mode; scope: Scope }) {
  const before = expressionBefore(context.state.doc.toString(), context.pos, mode);
  const found = before === null ? null : complete(before, scope);
  if (!found || (found.suggestions.length === 0 && !context.explicit)) {
    return null;
  }
  return {
    from: context.pos - found.typed,
    validFor: /^\w*$/,
    // Names in the order that the data has them, then functions.
    options: found.suggestions.map(
      ({ label, apply, detail, info, kind }, i): Completion => ({ label, apply, detail, info, type: kind, boost: kind === 'name' ? Math.max(1, 99 - i) : 0 }),
    ),
  };
}

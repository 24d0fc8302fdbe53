import { javascript } from '@codemirror/lang-javascript';
import { json } from '@codemirror/lang-json';
import { python } from '@codemirror/lang-python';
import { yaml } from '@codemirror/lang-yaml';
import { useComputedColorScheme } from '@mantine/core';
import CodeMirror, { EditorView } from '@uiw/react-codemirror';
import { nonce } from '~/lib/nonce';
import type { CodeEditorProps } from './CodeEditor';
import { codeLook } from './codeLook';

const languages = { json: () => json(), yaml: () => yaml(), javascript: () => javascript({ typescript: true }), python: () => python(), text: () => [] };

export default function CodeMirrorEditor({ label, language, value, onChange, height = '160px', readOnly }: CodeEditorProps) {
  const scheme = useComputedColorScheme('light');
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      height={height}
      theme="none"
      readOnly={readOnly}
      indentWithTab={false}
      extensions={[
        languages[language](),
        codeLook(scheme),
        EditorView.lineWrapping,
        EditorView.cspNonce.of(nonce ?? ''),
        // It is reached by the keyboard as it is; said so for those who look at the attribute.
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      ]}
      basicSetup={{ foldGutter: false }}
    />
  );
}

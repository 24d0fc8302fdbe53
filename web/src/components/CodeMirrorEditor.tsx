import { javascript } from '@codemirror/lang-javascript';
import { json } from '@codemirror/lang-json';
import { python } from '@codemirror/lang-python';
import { yaml } from '@codemirror/lang-yaml';
import { useComputedColorScheme } from '@mantine/core';
import CodeMirror, { EditorView } from '@uiw/react-codemirror';
import { nonce } from '~/lib/nonce';
import type { CodeEditorProps } from './CodeEditor';

const languages = { json: () => json(), yaml: () => yaml(), javascript: () => javascript({ typescript: true }), python: () => python(), text: () => [] };

export default function CodeMirrorEditor({ label, language, value, onChange, height = '160px', readOnly }: CodeEditorProps) {
  const scheme = useComputedColorScheme('light');
  return (
    <CodeMirror
      value={value}
      onChange={onChange}
      height={height}
      theme={scheme}
      readOnly={readOnly}
      indentWithTab={false}
      extensions={[
        languages[language](),
        EditorView.lineWrapping,
        EditorView.cspNonce.of(nonce ?? ''),
        EditorView.contentAttributes.of({ 'aria-label': label }),
      ]}
      basicSetup={{ foldGutter: false }}
    />
  );
}

import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import { EditorView, type Extension } from '@uiw/react-codemirror';

const colours = HighlightStyle.define([
  { tag: [tags.comment, tags.meta], color: 'var(--mantine-color-dimmed)' },
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword], color: 'var(--state-failed)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.escape], color: 'var(--state-succeeded)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.typeName, tags.className], color: 'var(--state-waiting)' },
  { tag: [tags.propertyName, tags.definition(tags.variableName), tags.function(tags.variableName), tags.labelName], color: 'var(--state-running)' },
  { tag: tags.invalid, color: 'var(--mantine-color-error)' },
]);

const theme = {
  '&': { color: 'var(--mantine-color-text)', backgroundColor: 'var(--mantine-color-body)' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': {
    color: 'var(--mantine-color-dimmed)',
    backgroundColor: 'var(--mantine-color-default-hover)',
    borderRight: '1px solid var(--mantine-color-default-border)',
  },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '.cm-activeLineGutter': { color: 'var(--mantine-color-text)', backgroundColor: 'transparent' },
};

const dark = EditorView.theme(theme, { dark: true });
const light = EditorView.theme(theme);
const highlighting = syntaxHighlighting(colours);

/** The colours of code, from the same tokens as all else: the editor's own are too pale to read, in either scheme. */
export const codeLook = (scheme: 'light' | 'dark'): Extension => [scheme === 'dark' ? dark : light, highlighting];

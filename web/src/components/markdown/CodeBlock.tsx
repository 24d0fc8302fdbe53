import { toJsxRuntime } from 'hast-util-to-jsx-runtime';
import bash from 'highlight.js/lib/languages/bash';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';
import { useMemo } from 'react';
import { Fragment, jsx, jsxs } from 'react/jsx-runtime';
import { strings } from '~/lib/strings';
import { CopyIcon } from '../Copy';
import classes from './Markdown.module.css';

const lowlight = createLowlight({ bash, csharp, css, diff, javascript, json, python, sql, typescript, xml, yaml });

/** Code in its colours, as elements: no HTML is ever made of it. */
export function CodeBlock({ language, text }: { language: string | undefined; text: string }) {
  const known = language !== undefined && lowlight.registered(language);
  const content = useMemo(() => (known ? toJsxRuntime(lowlight.highlight(language, text), { Fragment, jsx, jsxs }) : text), [known, language, text]);
  return (
    <figure className={classes.block}>
      <figcaption>
        <span>{language ?? strings.common.code}</span>
        <CopyIcon value={text} label={strings.common.copyCode} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <pre tabIndex={0}>
        <code>{content}</code>
      </pre>
    </figure>
  );
}

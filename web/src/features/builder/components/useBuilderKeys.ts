import { useEffect } from 'react';
import { type Graph, readGraph } from '~/lib/graph';
import { strings } from '~/lib/strings';
import { cut, paste } from '../api/document';
import { addFrame, unframe } from '../api/frames';
import type { Builder } from '../api/useBuilder';

export const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

function readCopied(text: string): Pick<Graph, 'nodes' | 'edges'> | null {
  try {
    const copied = readGraph(JSON.parse(text));
    return copied.nodes.length > 0 ? copied : null;
  } catch {
    return null;
  }
}

/** Undo, redo, copy, paste, double, group, choose all and run, wherever on the page one is, but not while somebody types. */
export function useBuilderKeys(
  builder: Builder,
  chosen: ReadonlySet<string>,
  onChoose: (ids: ReadonlySet<string>) => void,
  editable: boolean,
  onRun: (() => void) | null,
) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === 'Enter' && onRun) {
        event.preventDefault();
        onRun();
        return;
      }
      if (!(event.ctrlKey || event.metaKey) || isTyping(event.target)) {
        return;
      }
      const key = event.key.toLowerCase();
      if (key === 'z' && editable) {
        event.preventDefault();
        (event.shiftKey ? builder.redo : builder.undo)();
      } else if (key === 'g' && editable && chosen.size > 0) {
        event.preventDefault();
        builder.change(event.shiftKey ? unframe(builder.graph, chosen) : addFrame(builder.graph, chosen, strings.builder.frame));
      } else if (key === 'a' && builder.graph.nodes.length > 0) {
        event.preventDefault();
        onChoose(new Set(builder.graph.nodes.map((node) => node.id)));
      } else if (key === 'd' && editable && chosen.size > 0) {
        event.preventDefault();
        const { graph, ids } = paste(builder.graph, cut(builder.graph, chosen));
        builder.change(graph);
        onChoose(new Set(ids));
      } else if (key === 'y' && editable) {
        event.preventDefault();
        builder.redo();
      }
    };
    const copy = (event: ClipboardEvent) => {
      if (!isTyping(event.target) && chosen.size > 0 && document.getSelection()?.isCollapsed !== false) {
        event.preventDefault();
        event.clipboardData?.setData('text/plain', JSON.stringify(cut(builder.graph, chosen), null, 2));
      }
    };
    const insert = (event: ClipboardEvent) => {
      const copied = editable && !isTyping(event.target) ? readCopied(event.clipboardData?.getData('text/plain') ?? '') : null;
      if (copied) {
        event.preventDefault();
        const { graph, ids } = paste(builder.graph, copied);
        builder.change(graph);
        onChoose(new Set(ids));
      }
    };
    document.addEventListener('keydown', press);
    document.addEventListener('copy', copy);
    document.addEventListener('paste', insert);
    return () => {
      document.removeEventListener('keydown', press);
      document.removeEventListener('copy', copy);
      document.removeEventListener('paste', insert);
    };
  }, [builder, chosen, onChoose, editable, onRun]);
}

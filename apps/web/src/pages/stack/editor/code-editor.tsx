import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, foldGutter, indentOnInput, indentUnit } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { DiagnosticView } from '@drover/contract';
import { type ReactNode, useEffect, useRef } from 'react';
import { editorTheme } from './editor-theme.ts';
import { envLanguage } from './env-language.ts';

export type EditorPlace = { readonly line: number; readonly column: number };

type Props = {
  /** Another path is another document, with its own history. */
  readonly path: string;
  readonly text: string;
  readonly editable: boolean;
  readonly diagnostics: readonly DiagnosticView[];
  /** A place to show; a new object goes there again. */
  readonly place: EditorPlace | undefined;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
  readonly onDeploy: () => void;
};

/** A text editor for the files of a stack. Escape, then Tab, leaves it by keyboard. */
export function CodeEditor({ path, text, editable, diagnostics, place, onChange, onSave, onDeploy }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const states = useRef(new Map<string, EditorState>());
  const handlers = useRef({ onChange, onSave, onDeploy });
  handlers.current = { onChange, onSave, onDeploy };

  useEffect(() => {
    const made = new EditorView({ parent: host.current! });
    view.current = made;
    return () => made.destroy();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text of a document that is open comes from the editor itself
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    const kept = states.current.get(path);
    editor.setState(kept?.doc.toString() === text ? kept : EditorState.create({ doc: text, extensions: setup(path) }));
    editor.dispatch({ effects: writable.reconfigure(EditorState.readOnly.of(!editable)) });
    return () => {
      states.current.set(path, editor.state);
    };
  }, [path, editable]);
  useEffect(() => {
    const editor = view.current;
    // The page took another text: a draft thrown away, a revision put in.
    if (editor !== undefined && editor.state.doc.toString() !== text)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another document needs its marks, too
  useEffect(() => {
    const editor = view.current;
    if (editor !== undefined) editor.dispatch(setDiagnostics(editor.state, marks(editor.state, diagnostics)));
  }, [diagnostics, path]);
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || place === undefined) return;
    const position = positionOf(editor.state, place);
    editor.dispatch({ selection: { anchor: position }, effects: EditorView.scrollIntoView(position, { y: 'center' }) });
    editor.focus();
  }, [place]);

  const setup = (name: string): Extension => [
    lineNumbers(),
    lintGutter(),
    foldGutter({ openText: '⌄', closedText: '›' }),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    keymap.of([
      { key: 'Mod-s', preventDefault: true, run: () => handled(handlers.current.onSave) },
      { key: 'Mod-Enter', preventDefault: true, run: () => handled(handlers.current.onDeploy) },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    /\.ya?ml$/.test(name) ? yaml() : /(^|\/|\.)env(\.|$)/.test(name) ? envLanguage : [],
    editorTheme,
    writable.of(EditorState.readOnly.of(false)),
    EditorView.contentAttributes.of({ 'aria-label': `Text of ${name}` }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) handlers.current.onChange(update.state.doc.toString());
    }),
  ];
  return <div ref={host} style={{ height: '100%', minHeight: 0 }} />;
}

const writable = new Compartment();

/** Does it, and says that the key was taken. */
function handled(run: () => void): true {
  run();
  return true;
}

function positionOf(state: EditorState, { line, column }: EditorPlace): number {
  const found = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
  return Math.min(found.from + Math.max(0, column - 1), found.to);
}

/** A finding names the place where something begins; the mark goes to the end of the word there. */
function marks(state: EditorState, diagnostics: readonly DiagnosticView[]): Diagnostic[] {
  return diagnostics.flatMap(({ origin, severity, message, suggestion }): Diagnostic[] => {
    if (origin === undefined) return [];
    const from = positionOf(state, origin);
    const line = state.doc.lineAt(from);
    const word = /^[^\s:,\]}]+/.exec(line.text.slice(from - line.from))?.[0].length ?? 0;
    return [
      {
        from,
        to: word > 0 ? from + word : line.to,
        severity,
        message:
          suggestion === undefined || message.includes(suggestion) ? message : `${message} Did you mean ${suggestion}?`,
      },
    ];
  });
}

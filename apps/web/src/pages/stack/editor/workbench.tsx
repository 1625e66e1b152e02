import type { Target } from '@drover/compose';
import type { DiagnosticView, SourceView } from '@drover/contract';
import { type ReactNode, useMemo, useState } from 'react';
import { Diagnostics } from '../../../plan/diagnostics.tsx';
import { PlanView } from '../../../plan/plan-view.tsx';
import { IconPlus } from '../../../ui/icons.ts';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { StateMark } from '../../../ui/state-mark.tsx';
import { countWords, listWords } from '../../../words/count.ts';
import { CodeEditor, type EditorPlace } from './code-editor.tsx';
import { orderedFiles, pathIn, withText } from './source-edit.ts';
import type { Checked } from './use-check.ts';
import type { PlanState } from './use-plan.ts';
import { verdictFindings } from './verdict-findings.ts';
import { VerdictPanel } from './verdict-panel.tsx';
import classes from './workbench.module.css';

type Props = {
  readonly source: SourceView;
  readonly onChange: (source: SourceView) => void;
  readonly checked: Checked | undefined;
  readonly plan: PlanState;
  readonly onSave: () => void;
  readonly onDeploy: () => void;
  /** A refused field shall be left out knowingly. */
  readonly onAccept: (field: string) => void;
  /** Buttons and options under the plan. */
  readonly foot: ReactNode;
};

/** The place where files are written: the editor on the left, on the right what is wrong with them and what a deploy would do. */
export function Workbench(props: Props): ReactNode {
  const { source, onChange, checked, plan, onSave, onDeploy, onAccept, foot } = props;
  const files = orderedFiles(source);
  const [chosen, setChosen] = useState(source.composeFiles[0] ?? '');
  const [place, setPlace] = useState<EditorPlace>();
  const [target, setTarget] = useState<Target>('engine');
  const report = checked?.result.verdicts?.[target];
  const file = files.find(({ path }) => path === chosen) ?? files[0];
  // What the server says about a plan is the truth; until it has spoken, the check in the browser counts.
  const diagnostics = useMemo(() => findings(checked, plan), [checked, plan]);
  const here = useMemo(
    () =>
      [...diagnostics, ...verdictFindings(report, diagnostics)].filter(
        ({ origin }) => origin !== undefined && pathIn(source, origin.file) === file?.path,
      ),
    [diagnostics, report, source, file?.path],
  );
  const addEnv = (): void => {
    if (!source.files.some(({ path }) => path === '.env')) onChange(withText(source, '.env', ''));
    setChosen('.env');
  };
  const go = (origin: DiagnosticView['origin']): void => {
    const path = origin && pathIn(source, origin.file);
    if (origin === undefined || path === undefined) return;
    setChosen(path);
    setPlace({ line: origin.line, column: origin.column });
  };

  return (
    <div className={classes.bench} data-fill>
      <div className={classes.left}>
        <div className={classes.files} role="tablist" aria-label="Files of the stack">
          {files.map(({ path }) => (
            <button
              key={path}
              type="button"
              role="tab"
              aria-selected={path === file?.path}
              className={classes.file}
              onClick={() => setChosen(path)}
            >
              {path}
              {diagnostics.some(
                ({ origin, severity }) => severity === 'error' && origin && pathIn(source, origin.file) === path,
              ) && <StateMark look={{ tone: 'bad', shape: 'disc', word: 'has errors' }} label="has errors" />}
            </button>
          ))}
          {!files.some(({ path }) => path === '.env') && (
            <button type="button" className={`${classes.file} ${classes.add}`} onClick={addEnv}>
              <IconPlus size={12} /> .env
            </button>
          )}
        </div>
        <div className={classes.editor}>
          {file !== undefined && (file.editable || file.link !== undefined) && (
            <CodeEditor
              path={file.path}
              text={file.link ?? file.text}
              editable={file.link === undefined}
              diagnostics={here}
              place={place}
              onChange={(text) => onChange(withText(source, file.path, text))}
              onSave={onSave}
              onDeploy={onDeploy}
            />
          )}
          {file !== undefined && !file.editable && file.link === undefined && (
            <p className={classes.notEditable}>
              <code>{file.path}</code> {file.folder === true ? 'is an empty folder' : 'is binary or large'}. It stays
              with the stack as it is.
            </p>
          )}
        </div>
      </div>
      <div className={classes.side}>
        <VerdictPanel report={report} target={target} onTarget={setTarget} onGo={go} />
        <div className={classes.reading}>
          <CheckSection
            checked={checked}
            diagnostics={diagnostics}
            onGo={({ origin }) => go(origin)}
            onAccept={onAccept}
          />
          <PlanSection plan={plan} />
        </div>
        <div className={classes.foot}>{foot}</div>
      </div>
    </div>
  );
}

function findings(checked: Checked | undefined, plan: PlanState): readonly DiagnosticView[] {
  if (plan.kind === 'planned' && plan.current)
    return plan.plan.diagnostics.filter(({ severity }) => severity !== 'info');
  if (plan.kind === 'refused' && plan.refusal.diagnostics.length > 0) return plan.refusal.diagnostics;
  return checked?.result.diagnostics ?? [];
}

function CheckSection({
  checked,
  diagnostics,
  onGo,
  onAccept,
}: {
  readonly checked: Checked | undefined;
  readonly diagnostics: readonly DiagnosticView[];
  readonly onGo: (diagnostic: DiagnosticView) => void;
  readonly onAccept: (field: string) => void;
}): ReactNode {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const services = checked?.result.services ?? [];
  const words =
    checked === undefined
      ? ''
      : errors > 0
        ? countWords(errors, 'error')
        : services.length === 0
          ? 'no services yet'
          : countWords(services.length, 'service');
  return (
    <section className={classes.section} aria-label="Check">
      <h2 role="status">
        <StateMark
          look={
            errors > 0
              ? { tone: 'bad', shape: 'cross', word: '' }
              : {
                  tone: checked === undefined ? 'idle' : 'good',
                  shape: checked === undefined ? 'ring' : 'tick',
                  word: '',
                }
          }
        />
        Check <small>{words}</small>
      </h2>
      {diagnostics.length > 0 ? (
        <Diagnostics diagnostics={diagnostics} onGo={onGo} onAccept={onAccept} />
      ) : (
        <p style={{ color: 'var(--ink-2)' }}>
          {services.length > 0 &&
            `The files are sound: ${listWords(services.slice(0, 8))}${services.length > 8 ? ' and more' : ''}.`}
        </p>
      )}
    </section>
  );
}

function PlanSection({ plan }: { readonly plan: PlanState }): ReactNode {
  if (plan.kind === 'none') return null;
  return (
    <section className={classes.section} aria-label="Plan">
      <h2>
        Plan <small>{plan.kind === 'planned' && !plan.current ? 'planning…' : 'what a deploy would do'}</small>
      </h2>
      {plan.kind === 'planning' && <Skeleton width="14rem" />}
      {plan.kind === 'planned' && (
        <div className={plan.current ? undefined : classes.stale}>
          <PlanView
            plan={{ ...plan.plan, diagnostics: plan.plan.diagnostics.filter(({ severity }) => severity === 'info') }}
          />
        </div>
      )}
      {plan.kind === 'refused' && plan.refusal.diagnostics.length === 0 && (
        <p role="alert">
          <StateMark look={{ tone: 'bad', shape: 'cross', word: '' }} /> {plan.refusal.message}
        </p>
      )}
    </section>
  );
}

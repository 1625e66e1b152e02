import type { DeployOptions, SourceView, StackView } from '@drover/contract';
import { disabledReason } from '@drover/contract';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useBlocker, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { api, queries } from '../../../api/client.ts';
import { ActionButton } from '../../../ui/action-button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { notifyDone, notifyRefusal } from '../../../ui/notify.ts';
import { useStack } from '../use-stack.ts';
import { deployBlocker } from './deploy-blocker.ts';
import { type ChosenOptions, DeployOptionsButton, withAccepted } from './deploy-options.tsx';
import { newSource, sameSource, toInput } from './source-edit.ts';
import { useCheck } from './use-check.ts';
import { useEngineFacts } from './use-engine-facts.ts';
import { usePlan } from './use-plan.ts';
import { Workbench } from './workbench.tsx';

/** The files of a stack: edit, see what is wrong and what would happen, save, deploy. */
export function EditPage(): ReactNode {
  const { name } = useParams({ from: '/stacks/$name' });
  const { data: stack } = useStack(name);
  if (stack === undefined) return null;
  if (!stack.managed)
    return (
      <Notice tone="idle">
        <strong>The files of this project are docker compose’s.</strong> Adopt it to edit them here.
      </Notice>
    );
  return <StackEditor key={name} stack={stack} />;
}

function StackEditor({ stack }: { readonly stack: StackView }): ReactNode {
  const { name } = stack;
  const navigate = useNavigate();
  const saved = useMemo(() => stack.source ?? newSource(''), [stack.source]);
  const [base, setBase] = useState<SourceView>(saved);
  const [source, setSource] = useState<SourceView>(saved);
  const [options, setOptions] = useState<ChosenOptions>({});
  const dirty = useMemo(() => !sameSource(base, source), [base, source]);
  const changedElsewhere = useMemo(() => !sameSource(base, saved), [base, saved]);
  const { data: variables } = useQuery(queries.variables.list.queryOptions({ input: { name } }));
  const takeTheirs = (): void => {
    setBase(saved);
    setSource(saved);
  };
  // Files that somebody else saved come in by themselves, unless they would overwrite what is being typed.
  useEffect(() => {
    if (changedElsewhere && !dirty) {
      setBase(saved);
      setSource(saved);
    }
  }, [changedElsewhere, dirty, saved]);

  const facts = useEngineFacts();
  const checked = useCheck(
    useMemo(() => ({ name, source, variables: variables ?? [], facts }), [name, source, variables, facts]),
  );
  const sound = checked !== undefined && !checked.result.diagnostics.some(({ severity }) => severity === 'error');
  const plan = usePlan(
    useMemo(() => ({ name, source, options }), [name, source, options]),
    sound,
  );

  const save = useMutation({
    mutationFn: () => api.stacks.save({ name, source: toInput(source) }),
    onSuccess: () => {
      setBase(source);
      notifyDone('Saved. Nothing was deployed.');
    },
    onError: (error) => notifyRefusal('The files were not saved', error),
  });
  const leaving = useRef(false);
  const deploy = useMutation({
    mutationFn: () =>
      api.stacks.deploy({ name, ...(dirty ? { source: toInput(source) } : {}), options: options as DeployOptions }),
    onSuccess: ({ deployment }) => {
      leaving.current = true;
      void navigate({ to: '/deployments/$id', params: { id: deployment.id } });
    },
    onError: (error) => notifyRefusal(`${name} was not deployed`, error),
  });
  useBlocker({
    shouldBlockFn: ({ next }) =>
      dirty && !leaving.current && !next.pathname.startsWith(`/stacks/${name}/edit`)
        ? !confirm('Leave without saving? What you changed is lost.')
        : false,
    enableBeforeUnload: () => dirty && !leaving.current,
  });

  const reason = disabledReason('deploy', stack.state) ?? deployBlocker(checked, plan);
  const runDeploy = (): void => {
    if (reason === undefined && !deploy.isPending) deploy.mutate();
  };
  const runSave = (): void => {
    if (dirty && !save.isPending) save.mutate();
  };
  return (
    <>
      {changedElsewhere && dirty && (
        <Notice tone="warn" actions={<Button onClick={takeTheirs}>Take theirs</Button>}>
          <strong>The files were saved elsewhere while you edited them.</strong> Saving here replaces those.
        </Notice>
      )}
      <Workbench
        source={source}
        onChange={setSource}
        checked={checked}
        plan={plan}
        onSave={runSave}
        onDeploy={runDeploy}
        onAccept={(field) => setOptions(withAccepted(options, field))}
        foot={
          <>
            <DeployOptionsButton options={options} onChange={setOptions} />
            <ActionButton
              disabledReason={dirty ? undefined : 'nothing was changed since it was saved'}
              loading={save.isPending}
              onClick={runSave}
            >
              Save
            </ActionButton>
            <ActionButton variant="filled" disabledReason={reason} loading={deploy.isPending} onClick={runDeploy}>
              Deploy
            </ActionButton>
          </>
        }
      />
    </>
  );
}

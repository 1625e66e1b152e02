import { isStackName } from '@drover/base';
import type { DeployOptions } from '@drover/contract';
import { TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { api, queries } from '../../../api/client.ts';
import { ActionButton } from '../../../ui/action-button.tsx';
import { notifyRefusal } from '../../../ui/notify.ts';
import { Page } from '../../../ui/page.tsx';
import { deployBlocker } from '../editor/deploy-blocker.ts';
import { type ChosenOptions, DeployOptionsButton, withAccepted } from '../editor/deploy-options.tsx';
import { newSource, projectNameIn, toInput } from '../editor/source-edit.ts';
import { useCheck } from '../editor/use-check.ts';
import { useEngineFacts } from '../editor/use-engine-facts.ts';
import { usePlan } from '../editor/use-plan.ts';
import { Workbench } from '../editor/workbench.tsx';
import { dropDraft, keepDraft, readDraft } from './draft.ts';
import classes from './new-stack-page.module.css';

/** Makes a stack from files that are pasted or written here. */
export function NewStackPage(): ReactNode {
  const navigate = useNavigate();
  const [typedName, setTypedName] = useState<string>();
  const [source, setSource] = useState(() => newSource(readDraft()));
  const [options, setOptions] = useState<ChosenOptions>({});
  const { data: stacks } = useQuery(queries.stacks.list.queryOptions());
  const composeText = source.files[0]?.text ?? '';
  const name = typedName ?? projectNameIn(composeText) ?? '';
  const nameReason = nameBlocker(name, stacks?.map((stack) => stack.name) ?? []);

  const checkName = isStackName(name) ? name : 'stack';
  const facts = useEngineFacts();
  const checked = useCheck(
    useMemo(() => ({ name: checkName, source, variables: [], facts }), [checkName, source, facts]),
  );
  const blank = composeText.trim() === '';
  const sound =
    !blank && checked !== undefined && !checked.result.diagnostics.some(({ severity }) => severity === 'error');
  const plan = usePlan(
    useMemo(() => ({ name, source, options }), [name, source, options]),
    sound && nameReason === undefined,
  );

  const deploy = useMutation({
    mutationFn: () => api.stacks.deploy({ name, source: toInput(source), options: options as DeployOptions }),
    onSuccess: ({ deployment }) => {
      dropDraft();
      void navigate({ to: '/deployments/$id', params: { id: deployment.id } });
    },
    onError: (error) => notifyRefusal(`${name} was not deployed`, error),
  });
  const save = useMutation({
    mutationFn: () => api.stacks.save({ name, source: toInput(source) }),
    onSuccess: () => {
      dropDraft();
      void navigate({ to: '/stacks/$name', params: { name } });
    },
    onError: (error) => notifyRefusal(`${name} was not saved`, error),
  });
  const saveReason = blank ? 'there is nothing to save yet' : nameReason;
  const deployReason = blank ? 'there is nothing to deploy yet' : (nameReason ?? deployBlocker(checked, plan));
  const runSave = (): void => {
    if (saveReason === undefined && !save.isPending) save.mutate();
  };
  const runDeploy = (): void => {
    if (deployReason === undefined && !deploy.isPending) deploy.mutate();
  };
  return (
    <Page
      name="New stack"
      wide
      trail={[
        <Link key="stacks" to="/stacks">
          Stacks
        </Link>,
      ]}
      title="New stack"
      actions={
        <TextInput
          className={classes.name ?? ''}
          label="Name"
          placeholder="my-app"
          autoComplete="off"
          spellCheck={false}
          value={name}
          error={name !== '' && nameReason}
          onChange={(event) => setTypedName(event.currentTarget.value)}
        />
      }
    >
      <Workbench
        source={source}
        onChange={(next) => {
          setSource(next);
          keepDraft(next.files[0]?.text ?? '');
        }}
        checked={blank ? undefined : checked}
        plan={plan}
        onSave={runSave}
        onDeploy={runDeploy}
        onAccept={(field) => setOptions(withAccepted(options, field))}
        foot={
          <>
            <DeployOptionsButton options={options} onChange={setOptions} />
            <ActionButton disabledReason={saveReason} loading={save.isPending} onClick={runSave}>
              Save
            </ActionButton>
            <ActionButton variant="filled" disabledReason={deployReason} loading={deploy.isPending} onClick={runDeploy}>
              Deploy
            </ActionButton>
          </>
        }
      />
    </Page>
  );
}

function nameBlocker(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return 'the stack needs a name';
  if (!isStackName(name)) return 'a name has small letters, digits, - and _, and begins with a letter or digit';
  return taken.includes(name) ? 'there is a stack of this name' : undefined;
}

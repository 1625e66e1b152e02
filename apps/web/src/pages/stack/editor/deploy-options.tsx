import type { DeployOptions } from '@drover/contract';
import { Button, Checkbox, Popover } from '@mantine/core';
import type { ReactNode } from 'react';

export type ChosenOptions = Partial<
  Pick<DeployOptions, 'pull' | 'build' | 'forceRecreate' | 'removeOrphans' | 'monitor' | 'accept'>
>;

/** The options with one more field that is left out. */
export function withAccepted(options: ChosenOptions, field: string): ChosenOptions {
  return { ...options, accept: [...new Set([...(options.accept ?? []), field])] };
}

function withoutAccepted({ accept = [], ...rest }: ChosenOptions, field: string): ChosenOptions {
  const left = accept.filter((each) => each !== field);
  return left.length === 0 ? rest : { ...rest, accept: left };
}

/** The few switches of a deploy; the plan beside them shows at once what each one changes. */
export function DeployOptionsButton({
  options,
  onChange,
}: {
  readonly options: ChosenOptions;
  readonly onChange: (options: ChosenOptions) => void;
}): ReactNode {
  const chosen = Object.keys(options).length;
  const box = (
    label: string,
    description: string,
    key: Exclude<keyof ChosenOptions, 'accept'>,
    value: ChosenOptions,
  ): ReactNode => (
    <Checkbox
      label={label}
      description={description}
      checked={options[key] !== undefined}
      onChange={(event) => {
        const { [key]: _old, ...rest } = options;
        onChange(event.currentTarget.checked ? { ...rest, ...value } : rest);
      }}
    />
  );
  return (
    <Popover position="top-end" shadow="md" width={300} trapFocus>
      <Popover.Target>
        <Button variant="subtle">{chosen === 0 ? 'Options' : `Options (${chosen})`}</Button>
      </Popover.Target>
      <Popover.Dropdown style={{ display: 'grid', gap: '0.75rem' }}>
        {box('Pull newer images', 'Also where an image of that tag is here already', 'pull', { pull: 'always' })}
        {box('Build images', 'Also where they were built before', 'build', { build: true })}
        {box('Replace every container', 'Also where nothing changed', 'forceRecreate', { forceRecreate: true })}
        {box('Remove orphans', 'Containers whose service is gone from the files', 'removeOrphans', {
          removeOrphans: true,
        })}
        {box(
          'Watch for ten seconds',
          'What has no health check must run that long, or the deploy is undone',
          'monitor',
          { monitor: 10 },
        )}
        {options.accept?.map((field) => (
          <Checkbox
            key={field}
            label={`Leave out ${field}`}
            description="Refused on this engine; kept with the revision"
            checked
            onChange={() => onChange(withoutAccepted(options, field))}
          />
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}

import { Button, Checkbox, Menu } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useCallback, useState } from 'react';
import { api } from '../../../api/client.ts';
import { LogViewer } from '../../../log/log-viewer.tsx';
import type { LogRequest } from '../../../log/use-log-stream.ts';
import { useStack } from '../use-stack.ts';

/** The log of a whole stack: the lines of all its services as they come. */
export function StackLogsPage(): ReactNode {
  const { name } = useParams({ from: '/stacks/$name' });
  const { data: stack } = useStack(name);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const open = useCallback(
    (request: LogRequest, signal: AbortSignal) =>
      api.containers.stackLogs(
        { name, follow: true, timestamps: true, ...(chosen.length === 0 ? {} : { services: [...chosen] }), ...request },
        { signal },
      ),
    [name, chosen],
  );
  const services = stack?.serviceStates.map((service) => service.name) ?? [];
  return (
    <LogViewer
      name={name}
      open={open}
      round={String(stack?.running ?? 0)}
      labels
      controls={
        <Menu closeOnItemClick={false}>
          <Menu.Target>
            <Button>{chosen.length === 0 ? 'All services' : chosen.join(', ')}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {services.map((service) => (
              <Menu.Item
                key={service}
                onClick={() =>
                  setChosen((old) =>
                    old.includes(service) ? old.filter((each) => each !== service) : [...old, service],
                  )
                }
              >
                <Checkbox label={service} checked={chosen.includes(service)} readOnly tabIndex={-1} />
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      }
    />
  );
}

import type { ServiceView, StackView } from '@drover/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queries } from '../../../api/client.ts';
import { environment } from '../../../api/environment.ts';
import { localEnvironment } from '../../../api/environment-address.ts';
import { Notice } from '../../../ui/notice.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { StateMark } from '../../../ui/state-mark.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { Deployments } from '../history/deployments.tsx';
import { useStack } from '../use-stack.ts';
import { imageWords } from './image-words.ts';
import { Instances } from './instances.tsx';
import { publishedPorts } from './published-port.ts';
import { serviceLook, serviceTroubles } from './service-look.ts';
import classes from './services-page.module.css';
import { StackResources } from './stack-resources.tsx';

const columns: readonly Column[] = [
  { name: 'Service' },
  { name: 'State' },
  { name: 'Containers' },
  { name: 'Image' },
  { name: 'Ports' },
  { name: 'After' },
];

/** So many deployments are shown beside the services. */
const latest = 6;

/** The services of a stack: what each runs, how it is, where it is reached, and what is wrong with it. */
export function ServicesPage(): ReactNode {
  const { name } = useParams({ from: '/stacks/$name' });
  const { data: stack } = useStack(name);
  // What stands under the services comes once all of it is known, so that nothing on the page moves.
  const besideIsRead = useIsRead(name);
  if (stack?.serviceStates.length === 0)
    return (
      <Notice tone="idle">
        <strong>No services yet.</strong> They appear with the first deploy of{' '}
        <Link to="/stacks/$name/edit" params={{ name }}>
          its files
        </Link>
        .
      </Notice>
    );
  return (
    <>
      <Table label={`Services of ${name}`} columns={columns}>
        {stack === undefined ? (
          <SkeletonRows rows={4} widths={['7rem', '5rem', '3rem', '9rem', '3rem', '4rem']} />
        ) : (
          stack.serviceStates.map((service) => <ServiceRow key={service.name} service={service} stack={stack} />)
        )}
      </Table>
      {stack !== undefined && besideIsRead && (
        <div className={classes.beside}>
          {stack?.managed !== false && <Deployments name={name} limit={latest} />}
          <StackResources name={name} />
        </div>
      )}
    </>
  );
}

function useIsRead(name: string): boolean {
  const deployments = useQuery(queries.deployments.list.queryOptions({ input: { name, limit: latest } }));
  const volumes = useQuery(queries.volumes.list.queryOptions());
  const networks = useQuery(queries.networks.list.queryOptions());
  return !deployments.isPending && !volumes.isPending && !networks.isPending;
}

/** Under what name this browser reaches the machine of the ports; that of a host elsewhere is not known. */
const engineHost = environment === localEnvironment ? location.hostname : undefined;

function ServiceRow({ service, stack }: { readonly service: ServiceView; readonly stack: StackView }): ReactNode {
  const look = serviceLook(service, stack.state);
  const troubles = stack.state === 'stopped' ? [] : serviceTroubles(service);
  const { missing = [] } = service;
  const [only] = service.containers;
  const ports = publishedPorts(service.ports, engineHost);
  const image = service.image === undefined ? undefined : imageWords(service.image);
  return (
    <tr>
      <td>
        <div className={classes.name}>
          <StateMark look={look} />
          {only === undefined ? (
            <span>{service.name}</span>
          ) : (
            <Link to="/containers/$id/logs" params={{ id: only.name }}>
              {service.name}
            </Link>
          )}
        </div>
        {troubles.length + missing.length > 0 && (
          <ul className={classes.troubles}>
            {missing.map((words) => (
              <li key={words}>{words}</li>
            ))}
            {troubles.slice(0, 5).map(({ container, words }) => (
              <li key={container.id}>
                <code>{container.name}</code>
                {container.host !== undefined && ` on ${container.host}`} {words}.{' '}
                <Link to="/containers/$id/logs" params={{ id: container.name }}>
                  Its log
                </Link>
              </li>
            ))}
            {troubles.length > 5 && <li>and {troubles.length - 5} more containers</li>}
          </ul>
        )}
      </td>
      <td>{look.word}</td>
      <td>
        <Instances service={service} stopped={stack.state === 'stopped'} />
      </td>
      <td className={classes.image} title={service.image}>
        {image === undefined ? (
          '–'
        ) : (
          <>
            {image.name}
            {image.tag !== '' && <span>:{image.tag}</span>}
          </>
        )}
      </td>
      <td>
        <span className={classes.ports}>
          {ports.map(({ words, href, inside }) =>
            href === undefined ? (
              <span key={words} title={`to ${inside}`}>
                {words}
              </span>
            ) : (
              <a key={words} href={href} target="_blank" rel="noreferrer" title={`to ${inside}`}>
                {words}
              </a>
            ),
          )}
          {ports.length === 0 && <span className={classes.quiet}>–</span>}
        </span>
      </td>
      <td className={classes.quiet}>{service.dependsOn.join(', ') || '–'}</td>
    </tr>
  );
}

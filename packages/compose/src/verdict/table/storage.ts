import type { FileObject } from '../../model/file-object.ts';
import type { FileReference } from '../../model/file-reference.ts';
import type { Project } from '../../model/project.ts';
import type { Service } from '../../model/service.ts';
import type { ServiceVolume } from '../../model/service-volume.ts';
import { before, onLinux, pinned } from '../conditions.ts';
import { both, type Case, depends, type Rules, when } from '../rule.ts';
import { emulated, honoured, honouredAs, ignored, pins, refused, refusedForGood } from '../verdict.ts';

const needs26 = before(
  '1.45',
  refused('a path within a volume needs Docker Engine 26 or newer', 'mount the whole volume', 'item'),
);
const noImages = 'copy the files into the image with `build`, or keep them in a volume';

const volumeRules: Rules<ServiceVolume> = {
  type: {
    engine: depends(
      [
        when<string>(
          'with `image`, before Docker Engine 28',
          (value, near, situation) => value === 'image' && before('1.48', honoured).holds(value, near, situation),
          refused('a volume of type image needs Docker Engine 28 or newer', noImages, 'item'),
        ),
        when<string>(
          'with `cluster`',
          (value) => value === 'cluster',
          refused('only a Swarm has cluster volumes', 'write `type: volume`', 'item'),
        ),
        when<string>(
          'with `npipe`, on Linux',
          (value, near, situation) => value === 'npipe' && onLinux(honoured).holds(value, near, situation),
          refused('only Windows has named pipes', 'bind a socket with `type: bind`', 'item'),
        ),
      ],
      honoured,
    ),
    swarm: depends(
      [
        when<string>('with `image`', (value) => value === 'image', pins('Swarm mounts no images into a task')),
        pinned(honoured),
        when<string, ServiceVolume>(
          'with `volume`, of a driver that keeps it on one host',
          (value, near, { project, facts }) => value === 'volume' && facts.hosts !== 1 && isLocal(near, project),
          emulated('the volume lies on one host, and the tasks are kept on the host that has it'),
        ),
        when<string>(
          'with `bind`',
          (value) => value === 'bind',
          honouredAs('the path is that of whichever host runs the task: it must be on all of them'),
        ),
        when<string>(
          'with `npipe`, on Linux',
          (value, near, situation) => value === 'npipe' && onLinux(honoured).holds(value, near, situation),
          refused('only Windows has named pipes', 'bind a socket with `type: bind`', 'item'),
        ),
      ],
      honoured,
    ),
  },
  source: both(honoured),
  target: both(honoured),
  read_only: both(honoured),
  consistency: both(ignored('only Docker Desktop on a Mac ever read it')),
  bind: {
    fields: {
      create_host_path: {
        engine: honoured,
        swarm: depends(
          [pinned(honoured)],
          ignored('Swarm makes no folders, and rejects a task where the folder is not on its host'),
        ),
      },
      propagation: both(honoured),
      recursive: {
        engine: depends(
          [
            when<string>(
              'with `writable` or `readonly`, before Docker Engine 25',
              (value, near, situation) =>
                value !== 'disabled' && before('1.44', honoured).holds(value, near, situation),
              refused('it needs Docker Engine 25 or newer', 'leave it out'),
            ),
          ],
          honoured,
        ),
        swarm: depends(
          [
            pinned(honoured),
            when<string>(
              'with `writable` or `readonly`',
              (value) => value === 'writable' || value === 'readonly',
              refused(
                'Swarm forgets whether what is mounted below is read-only',
                'write `recursive: disabled`, or leave it out',
              ),
            ),
          ],
          honoured,
        ),
      },
      selinux: {
        engine: honoured,
        swarm: depends(
          [pinned(honoured)],
          refused(
            'Swarm labels no path for SELinux',
            'label it on the hosts with chcon, or write `security_opt: [label=disable]`',
          ),
        ),
      },
    },
  },
  volume: {
    fields: {
      nocopy: both(honoured),
      labels: both(honoured),
      subpath: both(depends([needs26], honoured)),
    },
  },
  tmpfs: { fields: { size: both(honoured), mode: both(honoured) } },
  image: { fields: { subpath: both(honoured) } },
};

/** An anonymous volume is each task's own. */
function isLocal({ source = '' }: ServiceVolume, { volumes }: Project): boolean {
  if (source === '') return false;
  const volume = Object.hasOwn(volumes, source) ? volumes[source] : undefined;
  return (volume?.driver ?? 'local') === 'local' && !/^(nfs|cifs)/.test(volume?.driver_opts?.type ?? '');
}

type Files = 'secrets' | 'configs';

/** How a service uses its secrets or configs. */
function fileReferenceRules(kind: Files): Rules<FileReference> {
  const [one, article] = kind === 'secrets' ? ['secret', 'a secret'] : ['config', 'a config'];
  const objectOf = (reference: FileReference, project: Project): FileObject | undefined =>
    Object.hasOwn(project[kind], reference.source ?? '') ? project[kind][reference.source ?? ''] : undefined;
  const bound: Case = when<unknown, FileReference>(
    `of ${article} that is a \`file\``,
    (_, near, { project }) => objectOf(near, project)?.file !== undefined,
    ignored('the file is bound as it stands on the host: its own owner and mode count'),
  );
  const owner = { engine: depends([bound], honoured), swarm: honoured };
  return {
    source: {
      engine: honoured,
      swarm: depends(
        [
          when<string, FileReference>(
            `of a pinned container, with ${article} that is \`external\``,
            (_, near, { project, pinned: isPinned }) => isPinned && objectOf(near, project)?.external === true,
            refusedForGood(
              `Swarm shows the content of an external ${one} to its own tasks only`,
              `give the ${one} a \`file\` or an \`environment\` variable`,
            ),
          ),
          pinned(emulated('Drover puts it into the container')),
        ],
        honoured,
      ),
    },
    target: both(honoured),
    uid: owner,
    gid: owner,
    mode: owner,
  };
}

/** Volumes, temporary files, secrets and configs. */
export const storageRules = {
  volumes: { each: volumeRules },
  volumes_from: { engine: honoured, swarm: pins('Swarm tasks cannot take the volumes of another container') },
  volume_driver: {
    engine: honoured,
    swarm: depends(
      [pinned(honoured)],
      refused(
        'Swarm knows the driver of each volume only',
        'write `driver` at each volume below the top-level `volumes`',
      ),
    ),
  },
  tmpfs: both(honoured),
  secrets: { each: fileReferenceRules('secrets') },
  configs: { each: fileReferenceRules('configs') },
} as const satisfies Partial<Rules<Service>>;

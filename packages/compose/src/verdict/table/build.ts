import type { BuildConfig } from '../../model/build.ts';
import { isFolderCache } from '../../syntax/build-cache.ts';
import { onLinux, withoutBuildx } from '../conditions.ts';
import { both, depends, type Rules, when } from '../rule.ts';
import { honoured, honouredAs, ignored, refused } from '../verdict.ts';

const classic = withoutBuildx(
  refused('the engine’s classic builder knows no such thing', 'install buildx beside Drover, or leave it out'),
);
const buildxOnly = both(depends([classic], honoured));
const folderCache = when<readonly string[]>(
  'with `type=local`',
  (value) => value.some(isFolderCache),
  refused(
    'the server builds, and a folder of yours is not on its disk',
    'keep the cache in a registry: `type=registry,ref=…`',
  ),
);
const agentKey = when<readonly string[]>(
  'with an agent, as in `default`',
  (value) => value.some((key) => !key.includes(': ')),
  refused('the server builds, and your SSH agent stays with you', 'name the file of a key: `default=./deploy-key`'),
);
const insecure = both(
  depends(
    [classic],
    honouredAs('where the settings of the engine allow it, as `builder.entitlements` in its daemon.json'),
  ),
);
const inDockerfile = both(
  ignored('the secret is there for one step only: `RUN --mount=type=secret` in the Dockerfile says who may read it'),
);

/** Images are built the same way for both targets; on a Swarm every host then gets the image. */
export const buildRules: Rules<BuildConfig> = {
  context: both(honoured),
  dockerfile: both(honoured),
  dockerfile_inline: both(honoured),
  args: both(honoured),
  labels: both(honoured),
  target: both(honoured),
  tags: both(honoured),
  cache_from: both(depends([folderCache], honoured)),
  cache_to: both(depends([classic, folderCache], honoured)),
  no_cache: both(honoured),
  no_cache_filter: buildxOnly,
  pull: both(honoured),
  network: both(honoured),
  extra_hosts: both(honoured),
  shm_size: both(honoured),
  ulimits: both(honoured),
  platforms: both(
    depends(
      [
        when<readonly string[]>(
          'with more than one',
          (value) => value.length > 1,
          ignored('a deploy builds the platform that its host runs; the others are for images that are pushed'),
        ),
      ],
      honoured,
    ),
  ),
  additional_contexts: buildxOnly,
  secrets: {
    each: { source: buildxOnly, target: buildxOnly, uid: inDockerfile, gid: inDockerfile, mode: inDockerfile },
  },
  ssh: both(depends([classic, agentKey], honoured)),
  privileged: insecure,
  entitlements: insecure,
  provenance: buildxOnly,
  sbom: buildxOnly,
  isolation: both(
    depends(
      [onLinux(ignored('builds on Linux know one kind of isolation'))],
      refused('it is not passed to the builder', 'leave it out: the engine builds with its own kind of isolation'),
    ),
  ),
};

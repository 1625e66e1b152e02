import type { ImageRecipe } from './recipe.ts';

export const busybox: ImageRecipe = {
  repository: 'busybox',
  base: 'busybox',
  content: { packages: [] },
  check: ['/bin/sh', '-c', 'true'],
  editions: [
    { tags: ['latest', '1', '1.37', 'glibc', 'stable'], config: { command: ['sh'] } },
    {
      tags: ['1.35', '1.36'],
      files: [{ path: '/etc/busybox-edition', content: '1.36\n' }],
      config: { command: ['sh'] },
    },
  ],
};

/** A stand-in with the commands that compose files use in alpine; it has no `apk`. */
export const alpine: ImageRecipe = {
  repository: 'alpine',
  base: 'busybox',
  content: { packages: [] },
  files: [{ path: '/etc/alpine-release', content: '3.22.0\n' }],
  check: ['/bin/sh', '-c', 'true'],
  editions: [
    { tags: ['latest', '3', '3.22'], config: { command: ['/bin/sh'] } },
    {
      tags: ['3.12', '3.13', '3.15', '3.18', '3.19', '3.20', '3.21'],
      files: [{ path: '/etc/alpine-release', content: '3.15.0\n' }],
      config: { command: ['/bin/sh'] },
    },
  ],
};

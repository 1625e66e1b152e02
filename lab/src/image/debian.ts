import type { ImageRecipe } from './recipe.ts';

export const debian: ImageRecipe = {
  repository: 'debian',
  base: 'nothing',
  content: 'minbase',
  leaveOut: ['var/lib/apt/lists/*', 'var/cache/apt/*', 'usr/share/zoneinfo'],
  check: ['/bin/bash', '-c', 'true'],
  editions: [
    { tags: ['latest', '12', 'bookworm', 'bookworm-slim', 'stable', 'stable-slim'], config: { command: ['bash'] } },
  ],
};

import { alpine, busybox } from './busybox.ts';
import { caddy } from './caddy.ts';
import { debian } from './debian.ts';
import { echo } from './echo.ts';
import { nginx } from './nginx.ts';
import { postgres } from './postgres.ts';
import type { ImageRecipe } from './recipe.ts';
import { redis } from './redis.ts';

/** Every image that a lab can have; each repository is known under its public name. */
export const imageRecipes = { alpine, busybox, caddy, debian, echo, nginx, postgres, redis } as const satisfies Record<
  string,
  ImageRecipe
>;

export type ImageName = keyof typeof imageRecipes;

export const imageNames = Object.keys(imageRecipes) as readonly ImageName[];

export function recipeOf(name: ImageName): ImageRecipe {
  return imageRecipes[name];
}

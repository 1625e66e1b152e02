import { z } from 'zod';

const mode = z.number().int().min(0).max(0o777).optional();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * A file of a stack's bundle: its text where it is small, else the SHA-256 of a blob that was uploaded before; or a symbolic link
 * (in a build context) with its target as it stands there; or a folder with nothing in it. `mode` holds the permission bits, 0644 when absent.
 */
export const bundleFileSchema = z.union([
  z.object({ path: z.string(), text: z.string(), mode }),
  z.object({ path: z.string(), base64: z.base64(), mode }),
  z.object({ path: z.string(), sha256, size: z.number().int().min(0), mode }),
  z.object({ path: z.string(), link: z.string().min(1) }),
  z.object({ path: z.string(), folder: z.literal(true) }),
]);
export type BundleFile = z.infer<typeof bundleFileSchema>;

/**
 * What a stack is made from: Compose files and everything they reach. Paths are relative to `workingDir` (POSIX, no `..`);
 * a file that lies outside of it is listed under its absolute path. `workingDir` is the client's absolute path, or absent
 * for a stack made in the UI, whose files live below the server's data folder.
 * `envFiles` are those that were named explicitly; without any, `.env` is read where the bundle has one.
 */
export const sourceSchema = z.object({
  workingDir: z.string().optional(),
  composeFiles: z.array(z.string()).min(1),
  envFiles: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
  /**
   * The values, from the client's own environment (not from `.env`), of the variables that the files mention. They win over env
   * files; variables kept with the stack win over them. Absent keeps what was saved before.
   */
  environment: z.record(z.string(), z.string()).optional(),
  files: z.array(bundleFileSchema),
  /** Files that were saved before and are not named here stay; without it they go. */
  keepFiles: z.boolean().optional(),
});
export type SourceInput = z.infer<typeof sourceSchema>;

/**
 * A file of a stack as the editor shows it. Where it is not editable (binary, or larger than 512 kB) `text` is empty; it is sent back
 * by its `sha256` and `size`.
 */
export const sourceFileSchema = z.object({
  path: z.string(),
  text: z.string(),
  editable: z.boolean(),
  sha256: sha256.optional(),
  size: z.number().optional(),
  mode,
  link: z.string().optional(),
  folder: z.literal(true).optional(),
});

export const sourceViewSchema = z.object({
  workingDir: z.string().optional(),
  composeFiles: z.array(z.string()),
  envFiles: z.array(z.string()),
  profiles: z.array(z.string()),
  files: z.array(sourceFileSchema),
  /** How many files there are besides: of a large build context the beginning is shown. Save with `keepFiles`, and they stay. */
  moreFiles: z.number().optional(),
});
export type SourceView = z.infer<typeof sourceViewSchema>;

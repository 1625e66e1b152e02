import { z } from 'zod';

/** A file of a stack's bundle: its text where it is small, else the SHA-256 of a blob that was uploaded before. */
export const bundleFileSchema = z.union([
  z.object({ path: z.string(), text: z.string() }),
  z.object({ path: z.string(), base64: z.string() }),
  z.object({
    path: z.string(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    size: z.number(),
    mode: z.number().optional(),
  }),
]);
export type BundleFile = z.infer<typeof bundleFileSchema>;

/**
 * What a stack is made from: Compose files and everything they reach. Paths are relative to `workingDir` (POSIX, no `..`);
 * a file that lies outside of it is listed under its absolute path. `workingDir` is the client's absolute path, or absent
 * for a stack made in the UI, whose files live below the server's data folder.
 */
export const sourceSchema = z.object({
  workingDir: z.string().optional(),
  composeFiles: z.array(z.string()).min(1),
  envFiles: z.array(z.string()).optional(),
  profiles: z.array(z.string()).optional(),
  /** The values, from the client's environment, of the variables that the files mention. */
  environment: z.record(z.string(), z.string()).optional(),
  files: z.array(bundleFileSchema),
});
export type SourceInput = z.infer<typeof sourceSchema>;

/** A text file of a stack as the editor shows it. */
export const sourceFileSchema = z.object({ path: z.string(), text: z.string(), editable: z.boolean() });

export const sourceViewSchema = z.object({
  workingDir: z.string().optional(),
  composeFiles: z.array(z.string()),
  envFiles: z.array(z.string()),
  profiles: z.array(z.string()),
  files: z.array(sourceFileSchema),
});
export type SourceView = z.infer<typeof sourceViewSchema>;

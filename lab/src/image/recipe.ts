/** A file, link or folder that an image has beside what comes from packages. */
export type ImageFile =
  | { readonly path: string; readonly content: string; readonly mode?: number }
  | { readonly path: string; readonly target: string }
  | { readonly path: string; readonly folder: true; readonly owner?: number; readonly mode?: number };

export interface ImageHealthcheck {
  readonly test: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds?: number;
}

/** What an image says about the containers made from it, as a Dockerfile would. */
export interface ImageConfig {
  readonly env?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly exposed?: readonly string[];
  readonly volumes?: readonly string[];
  readonly workingDir?: string;
  readonly stopSignal?: string;
  readonly user?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly healthcheck?: ImageHealthcheck;
}

/** One content of a repository and the tags that name it. */
export interface ImageEdition {
  readonly tags: readonly string[];
  readonly files?: readonly ImageFile[];
  readonly config: ImageConfig;
}

/** How the images of one repository are made from Debian's packages. */
export interface ImageRecipe {
  readonly repository: string;
  /** What lies below: the shared layer with busybox and the C library, or nothing. */
  readonly base: 'busybox' | 'nothing';
  /** `packages` unpacks exactly these; `minbase` is a whole small Debian. */
  readonly content: { readonly packages: readonly string[] } | 'minbase';
  /** Single files out of larger packages: package → absolute paths. */
  readonly programs?: Readonly<Record<string, readonly string[]>>;
  /** Paths to leave out of the packages, beside documentation; `*` stands for one name. */
  readonly leaveOut?: readonly string[];
  readonly files?: readonly ImageFile[];
  /** A program that has to end well inside the finished content, so that a missing library is noticed here. */
  readonly check: readonly string[];
  readonly editions: readonly ImageEdition[];
}

/** The Debian suite that all images are made from. */
export const imageSuite = 'bookworm';

/** The PATH of every image. */
export const imagePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A pair of account files with root, nobody and the given account. */
export function accountFiles(account?: {
  readonly name: string;
  readonly id: number;
  readonly home: string;
}): ImageFile[] {
  const passwd = ['root:x:0:0:root:/root:/bin/sh', 'nobody:x:65534:65534:nobody:/nonexistent:/bin/false'];
  const group = ['root:x:0:', 'nogroup:x:65534:'];
  if (account) {
    passwd.push(`${account.name}:x:${account.id}:${account.id}:${account.name}:${account.home}:/bin/sh`);
    group.push(`${account.name}:x:${account.id}:`);
  }
  return [
    { path: '/etc/passwd', content: `${passwd.join('\n')}\n` },
    { path: '/etc/group', content: `${group.join('\n')}\n` },
  ];
}

/** Gives up root without a shell in between, which busybox cannot. */
export const setpriv: Readonly<Record<string, readonly string[]>> = { 'util-linux': ['/usr/bin/setpriv'] };

import type { StringMap, Wire } from './wire.ts';

export type VolumeCreateBody = Wire<{
  /** Absent makes an anonymous volume. */
  Name: string;
  Driver: string;
  DriverOpts: StringMap;
  Labels: StringMap;
}>;

/** A volume; a create of a name that exists answers the volume that stands there. */
export interface VolumeInspect {
  readonly Name: string;
  readonly Driver: string;
  readonly Mountpoint: string;
  readonly CreatedAt?: string;
  readonly Labels: StringMap | null;
  readonly Options: StringMap | null;
  readonly Scope: 'local' | 'global';
  readonly Status?: { readonly [key: string]: unknown };
  /** Only in `system.df`; -1 is unknown. */
  readonly UsageData?: { readonly Size: number; readonly RefCount: number } | null;
}

export interface VolumeList {
  readonly Volumes: readonly VolumeInspect[];
  readonly Warnings: readonly string[];
}

import type { Extensible, Named } from './extension.ts';

export type ServiceVolumeType = 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster' | 'image';

/** A mount of a service. `source` is a path for binds, a key of the project's `volumes` for volumes, absent for anonymous ones. */
export interface ServiceVolume extends Extensible {
  readonly type?: ServiceVolumeType;
  readonly source?: string;
  readonly target?: string;
  readonly read_only?: true;
  readonly consistency?: string;
  readonly bind?: ServiceVolumeBind;
  readonly volume?: ServiceVolumeVolume;
  readonly tmpfs?: ServiceVolumeTmpfs;
  readonly image?: ServiceVolumeImage;
}

export interface ServiceVolumeBind extends Extensible {
  readonly selinux?: string;
  readonly propagation?: string;
  readonly create_host_path?: true;
  readonly recursive?: string;
}

export interface ServiceVolumeVolume extends Extensible {
  readonly labels?: Named<string>;
  readonly nocopy?: true;
  readonly subpath?: string;
}

export interface ServiceVolumeTmpfs extends Extensible {
  /** Bytes in decimal. */
  readonly size?: string;
  readonly mode?: number;
}

export interface ServiceVolumeImage extends Extensible {
  readonly subpath?: string;
}

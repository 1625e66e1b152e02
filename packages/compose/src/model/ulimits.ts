import type { Extensible, Named } from './extension.ts';

/** One number stands for both limits. A limit of 0 is left out. */
export type Ulimit = number | ({ readonly soft?: number; readonly hard?: number } & Extensible);

export type Ulimits = Named<Ulimit>;

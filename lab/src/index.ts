export type { CommandResult } from './command.ts';
export { type EngineName, engineEditions, newestEngine, oracleComposeVersion } from './engines.ts';
export { LabError, LabUsageError } from './errors.ts';
export type { LabHost } from './host/host.ts';
export type { HostExecOptions, HostProcess, HostSpawnOptions } from './host/process.ts';
export { type ImageName, imageNames } from './image/catalog.ts';
export { createLab, createLastingLab, Lab, type LabHostRequest, type LabRequest } from './lab.ts';
export type { OraclePrograms } from './oracle.ts';

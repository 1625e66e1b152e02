export { type ContextParts, runCommandLine } from './run.ts';

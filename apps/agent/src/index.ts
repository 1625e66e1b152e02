export { AgentError } from './agent-error.ts';
export { exitCodes } from './exit-codes.ts';

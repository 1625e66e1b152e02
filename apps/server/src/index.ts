export { type DroverServer, type ServerParts, startServer } from './server.ts';
export { readSettings, type Settings } from './settings.ts';

// Runs the server in this process, bundled anew where its sources changed: what the service that `drover service install` makes starts.
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';
import { webFolder } from './web.mjs';

process.env.DROVER_WEB_DIR ||= webFolder;
await import(pathToFileURL(await bundle('server')).href);

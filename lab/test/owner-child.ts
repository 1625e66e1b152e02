import { createLab } from '../src/index.ts';

/** A process that makes a lab, says which, and then waits, or ends without taking it down when told `end`. */
const lab = await createLab({ hosts: [{}, { engine: '20.10' }], images: ['busybox'] });
await lab.hosts[0]!.exec(['docker', 'run', '--detach', 'busybox', 'sleep', 'infinity']);
process.stdout.write(`${lab.record.index}\n`);
if (process.argv[2] !== 'end') setInterval(() => {}, 1000);

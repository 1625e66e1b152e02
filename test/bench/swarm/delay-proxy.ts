// A process of its own: a proxy on the loopback that holds back what it passes on. delay-proxy.ts TARGET-PORT DELAY-MS
import { LoopbackProxy } from '../../../packages/tunnel/test/loopback-proxy.ts';

const [port, delayMs] = process.argv.slice(2).map(Number);
process.stdout.write(`${await new LoopbackProxy(port!, delayMs!).listen()}\n`);

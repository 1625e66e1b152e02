// Load from a process of its own: asks for ADDRESS again and again, CLIENTS at once, until it is told to end by SIGTERM, and
// then prints how many answers of which kind there were and the longest time without a good one.
import { Agent, request } from 'node:http';

const [address, clients] = process.argv.slice(2);
const agent = new Agent({ keepAlive: false });
const answers = {};
let lastGood = performance.now();
let longestGapMs = 0;
let ending = false;

function ask() {
  return new Promise((resolve) => {
    const call = request(address, { agent, timeout: 10_000 }, (response) => {
      response.resume();
      response.on('end', () => resolve(`${response.statusCode} ${response.headers['x-version'] ?? ''}`.trim()));
      response.on('error', () => resolve('broken'));
    });
    // Without a reason of its own, a call that is given up here would look like one that the server hung up on.
    call.on('timeout', () => call.destroy(Object.assign(new Error('no answer'), { code: 'timeout' })));
    call.on('error', (error) => resolve(error.code ?? 'broken'));
    call.end();
  });
}

async function client() {
  while (!ending) {
    const answer = await ask();
    answers[answer] = (answers[answer] ?? 0) + 1;
    if (answer.startsWith('200')) {
      longestGapMs = Math.max(longestGapMs, performance.now() - lastGood);
      lastGood = performance.now();
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

process.on('SIGTERM', () => {
  ending = true;
});
process.stdout.write('asking\n');
await Promise.all(Array.from({ length: Number(clients) }, client));
process.stdout.write(`${JSON.stringify({ answers, longestGapMs })}\n`);
